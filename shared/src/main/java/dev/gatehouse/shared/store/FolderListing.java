package dev.gatehouse.shared.store;

import dev.gatehouse.shared.store.ObjectStore.Entry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * One page of the keys of a folder, in key order.
 *
 * <p>A folder's entries come in any order and may be many, so a pass over it keeps only the smallest names that are still wanted; when these run out before the page is full (they were empty folders)
 * the next pass goes on behind them. A folder counts as its name with a {@code /}: then the order of the entries is the order of the keys below them.
 */
final class FolderListing {

    static final int MAX_LIMIT = 1000;

    private final Path root;
    private final String prefix;
    private final String after;
    private final int limit;
    private final List<Entry> page = new ArrayList<>();

    FolderListing(Path root, String prefix, String after, int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit " + limit + "; 1 to " + MAX_LIMIT + " are allowed");
        }
        this.root = root;
        this.prefix = prefix;
        this.after = after;
        this.limit = limit;
    }

    List<Entry> entries() throws IOException {
        add(root, "");
        return List.copyOf(page);
    }

    /** @param place the keys below the folder begin with this: empty or ends with a slash */
    private void add(Path folder, String place) throws IOException {
        String behind = "";
        while (page.size() < limit) {
            int wanted = limit - page.size();
            NavigableMap<String, Path> smallest = smallest(folder, place, behind, wanted);
            for (Map.Entry<String, Path> entry : smallest.entrySet()) {
                if (entry.getKey().endsWith("/")) {
                    add(entry.getValue(), entry.getKey());
                } else {
                    addFile(entry.getValue(), entry.getKey());
                }
                if (page.size() == limit) {
                    return;
                }
            }
            if (smallest.size() < wanted) {
                return;
            }
            behind = smallest.lastKey();
        }
    }

    private NavigableMap<String, Path> smallest(Path folder, String place, String behind, int wanted)
            throws IOException {
        NavigableMap<String, Path> smallest = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                String key = place + name;
                boolean full = smallest.size() == wanted;
                if (name.startsWith(".")
                        || !(mayHold(key) || mayHold(key + "/"))
                        || (full && key.compareTo(smallest.lastKey()) > 0)) {
                    continue; // decided by the name alone: asking what it is costs more than all the rest
                }
                String exact = Files.isDirectory(entry) ? key + "/" : key;
                if (mayHold(exact) && exact.compareTo(behind) > 0) {
                    smallest.put(exact, entry);
                    if (smallest.size() > wanted) {
                        smallest.pollLastEntry();
                    }
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return new TreeMap<>(); // removed meanwhile
        }
        return smallest;
    }

    /** Whether a key, or keys below a folder's key, can be on the page. */
    private boolean mayHold(String key) {
        if (key.endsWith("/")) {
            return (key.startsWith(prefix) || prefix.startsWith(key))
                    && (key.compareTo(after) > 0 || after.startsWith(key));
        }
        return key.startsWith(prefix) && key.compareTo(after) > 0;
    }

    private void addFile(Path file, String key) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (attributes.isRegularFile()) {
                page.add(new Entry(
                        key, attributes.size(), attributes.lastModifiedTime().toInstant()));
            }
        } catch (NoSuchFileException e) {
            return; // deleted meanwhile
        }
    }
}
