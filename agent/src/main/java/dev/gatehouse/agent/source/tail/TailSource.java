package dev.gatehouse.agent.source.tail;

import dev.gatehouse.agent.source.EventWriter;
import dev.gatehouse.agent.source.Source;
import dev.gatehouse.agent.source.tail.TailedFile.LastLine;
import dev.gatehouse.agent.spool.Spool;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows log files: each line becomes an event, once. A file is read from its start, or from where an earlier run of the agent was; a renamed or deleted file is read to its end.
 *
 * <p>What it has read of a file is noted in the record of the chunk that holds the lines, under the file's number: files may change places while the agent is away.
 *
 * <p>One thread, which waits while the spool is full.
 */
public final class TailSource implements Source {

    private static final Logger log = LoggerFactory.getLogger(TailSource.class);

    /** A renamed or deleted file is left when nothing came for so long; a last line without an end is taken then as well. */
    static final Duration QUIET = Duration.ofSeconds(5);

    private static final Duration DISCOVERY = Duration.ofMillis(500);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int MAX_OPEN = 4096;
    private static final int MAX_POSITIONS = 100;

    private final TailSettings settings;
    private final List<Globs> globs;
    private final Spool spool;
    private final EventWriter writer;
    private final Thread thread;
    private final Map<Path, TailedFile> current = new HashMap<>();
    private final List<TailedFile> left = new ArrayList<>();
    private final Set<Path> unreadable = new HashSet<>();
    private final byte[] buffer = new byte[TailedFile.READ_BYTES];
    private volatile List<Position> positions = List.of();
    private volatile boolean closed;

    public TailSource(TailSettings settings, Spool spool, EventWriter writer) {
        this.settings = settings;
        this.globs = settings.paths().stream().map(Globs::new).toList();
        this.spool = spool;
        this.writer = writer;
        this.thread = Thread.ofPlatform().name("tail").daemon().unstarted(this::run);
    }

    @Override
    public String kind() {
        return "tail";
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public List<Position> positions() {
        return positions;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt(); // it may wait for space in the spool
        try {
            thread.join(QUIET);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (FolderEvents events = new FolderEvents()) {
            long discoverAt = System.nanoTime();
            while (!closed) {
                if (System.nanoTime() - discoverAt >= 0) {
                    discover(events);
                    discoverAt = System.nanoTime() + DISCOVERY.toNanos();
                }
                boolean more = false;
                for (TailedFile file : files()) {
                    more |= read(file);
                }
                leave();
                positions = files().stream()
                        .limit(MAX_POSITIONS)
                        .map(file -> new Position(file.path.toString(), file.offset(), file.size()))
                        .toList();
                if (!more && events.await(POLL) == FolderEvents.What.NAMES) {
                    discoverAt = System.nanoTime();
                }
            }
        } catch (InterruptedException e) {
            log.debug("Tail ends: {}", e.getMessage());
        } catch (RuntimeException | IOException e) {
            log.error("Tail of {} has stopped", settings.paths(), e);
        } finally {
            files().forEach(TailSource::closeQuietly);
        }
    }

    private List<TailedFile> files() {
        List<TailedFile> all = new ArrayList<>(left); // older ones first
        all.addAll(current.values());
        return all;
    }

    private boolean read(TailedFile file) throws InterruptedException {
        try {
            boolean more = file.read(writer, buffer);
            if (!more && file.isQuietFor(QUIET.toNanos(), System.nanoTime())) {
                file.readRest(writer, buffer, LastLine.PAUSES);
            }
            return more;
        } catch (IOException e) {
            if (closed) {
                throw new InterruptedException("closed while reading");
            }
            log.warn("{} can't be read at present: {}", file.path, e.toString());
            return false;
        }
    }

    private void discover(FolderEvents events) throws InterruptedException {
        Set<Path> found = new HashSet<>();
        for (Globs pattern : globs) {
            events.watch(pattern.base());
            found.addAll(pattern.expand());
        }
        for (Path path : found) {
            events.watch(path.getParent());
            TailedFile known = current.get(path);
            try {
                if (known == null || !known.file.equals(TailedFile.number(path))) {
                    leavePath(path);
                    open(path);
                }
                unreadable.remove(path);
            } catch (NoSuchFileException e) {
                log.debug("{} is gone again", path);
            } catch (IOException e) {
                if (unreadable.add(path)) {
                    log.warn("{} can't be opened; tried again until it can: {}", path, e.toString());
                }
            }
        }
        for (Path path : List.copyOf(current.keySet())) {
            if (!found.contains(path)) {
                leavePath(path);
            }
        }
    }

    private void leavePath(Path path) {
        TailedFile file = current.remove(path);
        if (file != null) {
            file.leftNanos = System.nanoTime();
            left.add(file);
        }
    }

    private void open(Path path) throws IOException, InterruptedException {
        if (current.size() >= MAX_OPEN) {
            throw new IOException("more than " + MAX_OPEN + " files are followed already");
        }
        TailedFile file = new TailedFile(path, application(path));
        Map<String, TailPlace.Saved> saved = new HashMap<>();
        for (Map.Entry<String, Buffer> entry :
                spool.checkpoints(TailPlace.prefix(path)).entrySet()) {
            TailPlace.read(entry.getKey(), entry.getValue()).ifPresent(place -> saved.put(place.file(), place));
        }
        for (TailedFile open : left) {
            saved.remove(open.file); // is being read to its end
        }
        TailPlace.Saved own = saved.remove(file.file);
        if (own != null) {
            file.resume(own);
        }
        for (TailPlace.Saved other : saved.values()) {
            finishRenamed(path, other);
        }
        current.put(path, file);
        log.info("Following {} from byte {}", path, file.offset());
    }

    /** The path had another file when the agent was last here: the rest of that one is read if it is still there under another name. */
    private void finishRenamed(Path path, TailPlace.Saved saved) throws IOException {
        try (Stream<Path> siblings = Files.list(path.getParent())) {
            Optional<Path> renamed =
                    siblings.filter(sibling -> isFile(sibling, saved.file())).findFirst();
            if (renamed.isPresent() && !isFollowed(saved.file())) {
                TailedFile rest = new TailedFile(renamed.get(), path, application(path));
                rest.resume(saved);
                if (rest.offset() == saved.offset()) {
                    rest.leftNanos = System.nanoTime();
                    left.add(rest);
                    return;
                }
                closeQuietly(rest);
            }
        }
        spool.note(new TailPlace(path, saved.file(), 0, 0).gone());
    }

    private boolean isFollowed(String number) {
        return current.values().stream().anyMatch(file -> file.file.equals(number));
    }

    private static boolean isFile(Path path, String number) {
        try {
            return Files.isRegularFile(path) && TailedFile.number(path).equals(number);
        } catch (IOException e) {
            return false;
        }
    }

    /** Closes files that are no longer at their path once nothing comes any more. */
    private void leave() throws InterruptedException {
        long now = System.nanoTime();
        for (Iterator<TailedFile> files = left.iterator(); files.hasNext(); ) {
            TailedFile file = files.next();
            if (now - file.leftNanos >= QUIET.toNanos() && file.isQuietFor(QUIET.toNanos(), now)) {
                try {
                    file.readRest(writer, buffer, LastLine.ENDS);
                } catch (IOException e) {
                    log.warn("The end of {} can't be read: {}", file.path, e.toString());
                }
                writer.flush(); // before its checkpoint goes
                spool.note(file.place().gone());
                closeQuietly(file);
                files.remove();
            }
        }
    }

    private String application(Path path) {
        if (!settings.application().isEmpty()) {
            return settings.application();
        }
        String name = path.getFileName().toString();
        int dot = name.indexOf('.', 1);
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private static void closeQuietly(TailedFile file) {
        try {
            file.close();
        } catch (IOException e) {
            log.debug("Closing {}", file.path, e);
        }
    }
}
