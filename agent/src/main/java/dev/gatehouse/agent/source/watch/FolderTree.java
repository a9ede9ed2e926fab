package dev.gatehouse.agent.source.watch;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folders with all that is below, and what may have changed in them. The system's notices only hasten: everything is walked at the start, and again from time to time, often while notices can't be had.
 *
 * <p>Confined to one thread, but for {@link #lookAgain}.
 */
final class FolderTree implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FolderTree.class);

    private static final Duration WALK = Duration.ofSeconds(30);
    private static final Duration WALK_BLIND = Duration.ofMillis(500);

    /** A walk is followed by a pause at least so many times as long. */
    private static final int WALK_SHARE = 10;

    private static final int MAX_FOLDERS = 100_000;

    private final List<Path> roots;
    private final Ignored ignored;
    private final Map<WatchKey, Path> folders = new HashMap<>();
    private final Map<Path, WatchKey> keys = new HashMap<>();
    private final Queue<Path> again = new ConcurrentLinkedQueue<>();
    private WatchService service;
    private boolean blind;
    private long walkAt = System.nanoTime();

    FolderTree(List<Path> roots, Ignored ignored) {
        this.roots = roots;
        this.ignored = ignored;
    }

    /** Tells of files (root, path) that are new or may have changed; waits for some at most so long. */
    void changed(Duration atMost, BiConsumer<Path, Path> found) throws IOException, InterruptedException {
        if (service == null) {
            service = FileSystems.getDefault().newWatchService();
        }
        if (System.nanoTime() - walkAt >= 0) {
            walk(found);
            return;
        }
        long pause = Math.min(atMost.toNanos(), Math.max(0, walkAt - System.nanoTime()));
        WatchKey key = service.poll(Math.min(pause, WALK_BLIND.toNanos()), TimeUnit.NANOSECONDS);
        Set<Path> paths = new LinkedHashSet<>();
        while (key != null) {
            notice(key, paths);
            key = service.poll();
        }
        for (Path path = again.poll(); path != null; path = again.poll()) {
            paths.add(path);
        }
        for (Path path : paths) {
            for (Path root : roots) {
                if (path.startsWith(root) && !path.equals(root)) {
                    visit(root, path, found);
                    break;
                }
            }
        }
    }

    /** Has a file be told of again. Any thread. */
    void lookAgain(Path path) {
        again.add(path);
    }

    @Override
    public void close() throws IOException {
        if (service != null) {
            service.close();
        }
    }

    private void notice(WatchKey key, Set<Path> paths) {
        Path folder = folders.get(key);
        for (WatchEvent<?> event : key.pollEvents()) {
            if (event.kind().equals(StandardWatchEventKinds.OVERFLOW) || folder == null) {
                walkAt = System.nanoTime();
            } else {
                paths.add(folder.resolve((Path) event.context()));
            }
        }
        if (!key.reset() && folder != null) {
            folders.remove(key);
            keys.remove(folder);
        }
    }

    private void walk(BiConsumer<Path, Path> found) {
        long began = System.nanoTime();
        blind = false;
        for (Path root : roots) {
            if (Files.isDirectory(root)) {
                visitAll(root, root, found);
            } else {
                blind = true; // it may still be made
            }
        }
        long took = System.nanoTime() - began;
        walkAt = System.nanoTime() + Math.max((blind ? WALK_BLIND : WALK).toNanos(), took * WALK_SHARE);
    }

    private void visit(Path root, Path path, BiConsumer<Path, Path> found) {
        for (Path at = path; !at.equals(root); at = at.getParent()) {
            if (ignored.matches(at)) {
                return;
            }
        }
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            visitAll(root, path, found);
        } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            found.accept(root, path);
        }
    }

    private void visitAll(Path root, Path top, BiConsumer<Path, Path> found) {
        Deque<Path> open = new ArrayDeque<>(List.of(top));
        while (!open.isEmpty()) {
            Path folder = open.pop();
            register(folder); // before it is listed, so that nothing falls between
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                for (Path entry : entries) {
                    if (ignored.matches(entry)) {
                        continue;
                    }
                    if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                        open.push(entry);
                    } else {
                        found.accept(root, entry);
                    }
                }
            } catch (IOException | java.nio.file.DirectoryIteratorException e) {
                log.debug("{} can't be listed: {}", folder, e.toString());
            }
        }
    }

    private void register(Path folder) {
        WatchKey known = keys.get(folder);
        if (known != null && known.isValid()) {
            return;
        }
        if (keys.size() >= MAX_FOLDERS) {
            blind = true;
            return;
        }
        try {
            WatchKey key = folder.register(
                    service,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.OVERFLOW);
            folders.put(key, folder);
            keys.put(folder, key);
        } catch (IOException e) {
            blind = true;
            log.debug("No notices from {}: {}", folder, e.toString());
        }
    }
}
