package dev.gatehouse.agent.source.watch;

import dev.gatehouse.agent.source.Source;
import dev.gatehouse.agent.spool.Checkpoint;
import dev.gatehouse.agent.spool.Spool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures every file that appears or changes in its folders, whole, once it is at rest: a file that has not changed for {@link #REST}. Which states were captured is remembered in the spool, so that a start captures nothing
 * again. Links are not followed.
 *
 * <p>One thread finds files; few capture them, and long ones don't keep short ones waiting.
 */
public final class WatchSource implements Source {

    private static final Logger log = LoggerFactory.getLogger(WatchSource.class);

    /** A file of which neither length nor time of change have moved for so long is taken. */
    static final Duration REST = Duration.ofMillis(300);

    /** A file last changed so long ago, when it is first seen, is at rest. */
    private static final Duration OLD = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final long LONG_FILE = 16 << 20;
    private static final int SHORT_THREADS = 2;
    private static final int MAX_POSITIONS = 100;

    /** More captures than this don't wait in memory: the rest is found again. */
    private static final int MAX_BUSY = 10_000;

    private static final Duration FAILED_PAUSE = Duration.ofSeconds(30);

    /** So many captured files are remembered also when they are gone: their folder may just not be mounted. */
    private static final int REMEMBERED = 10_000;

    private static final Duration TIDY = Duration.ofMinutes(10);

    private record Seen(FileState state, String name, long sinceNanos) {}

    private final List<Path> roots;
    private final FolderTree tree;
    private final Spool spool;
    private final Thread thread = Thread.ofPlatform().name("watch").daemon().unstarted(this::run);
    private final ExecutorService shortFiles = Executors.newFixedThreadPool(
            SHORT_THREADS, Thread.ofPlatform().name("watch-short-", 0).daemon().factory());
    private final ExecutorService longFiles = Executors.newFixedThreadPool(
            1, Thread.ofPlatform().name("watch-long-", 0).daemon().factory());
    private final Map<Path, Seen> waiting = new HashMap<>();
    private final Map<Path, FileCapture> busy = new ConcurrentHashMap<>();
    private final Map<Path, Long> failed = new ConcurrentHashMap<>(); // when, so that they are tried again seldom
    private long tidyAt = System.nanoTime() + TIDY.toNanos();
    private volatile boolean closed;

    public WatchSource(WatchSettings settings, Spool spool) {
        this.roots = settings.paths().stream()
                .map(path -> Path.of(path).toAbsolutePath().normalize())
                .toList();
        this.tree = new FolderTree(roots, new Ignored(settings.ignore()));
        this.spool = spool;
    }

    /** Before the first watch source of an agent starts: ends what a crash has left half begun. */
    public static void endOrphans(Spool spool) throws InterruptedException {
        FileCapture.endOrphans(spool);
    }

    /** A stream is left with a part of its file: which checkpoints hold no more, for the file is captured again, whole. */
    public List<Checkpoint> partOnly(UUID stream) {
        List<Checkpoint> voided = new ArrayList<>();
        spool.checkpoints(Captured.PREFIX).forEach((key, value) -> {
            Path path = Captured.path(key);
            boolean ours = roots.stream().anyMatch(path::startsWith);
            if (ours
                    && Captured.read(value)
                            .filter(captured -> captured.stream().equals(stream))
                            .isPresent()) {
                log.info("{} is captured again from its beginning: its stream is stored with other content", path);
                voided.add(Captured.forget(path));
                tree.lookAgain(path);
            }
        });
        return voided;
    }

    @Override
    public String kind() {
        return "watch";
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public List<Position> positions() {
        List<Position> positions = new ArrayList<>();
        for (FileCapture capture : busy.values()) {
            if (positions.size() < MAX_POSITIONS) {
                long size = capture.path().toFile().length();
                positions.add(new Position(capture.path().toString(), capture.position(), size));
            }
        }
        return positions;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        shortFiles.shutdownNow();
        longFiles.shutdownNow();
        try {
            thread.join(RETRY);
            shortFiles.awaitTermination(5, TimeUnit.SECONDS);
            longFiles.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (tree) {
            while (!closed) {
                tree.changed(waiting.isEmpty() ? RETRY : LOOK, this::look);
                for (Iterator<Map.Entry<Path, Seen>> files = waiting.entrySet().iterator(); files.hasNext(); ) {
                    Map.Entry<Path, Seen> file = files.next();
                    if (isDone(file)) {
                        files.remove();
                    }
                }
                if (System.nanoTime() - tidyAt >= 0) {
                    tidyAt = System.nanoTime() + TIDY.toNanos();
                    tidy();
                }
            }
        } catch (InterruptedException e) {
            log.debug("Watch ends: {}", e.getMessage());
        } catch (RuntimeException | IOException e) {
            log.error("Watching {} has stopped", roots, e);
        }
    }

    /** A file that is there, and may have changed. */
    private void look(Path root, Path path) {
        try {
            FileState state = FileState.of(path);
            if (state.regular() && !failedLately(path) && !isCaptured(path, state) && waiting.size() < MAX_BUSY) {
                long age = System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(state.modified());
                long since = age > OLD.toMillis() ? System.nanoTime() - REST.toNanos() : System.nanoTime();
                waiting.putIfAbsent(path, new Seen(state, root.relativize(path).toString(), since));
            }
        } catch (IOException e) {
            log.debug("{} is gone again", path);
        }
    }

    private void tidy() {
        failed.values().removeIf(at -> System.nanoTime() - at >= FAILED_PAUSE.toNanos());
        Set<String> keys = spool.checkpoints(Captured.PREFIX).keySet();
        if (keys.size() <= REMEMBERED) {
            return;
        }
        for (String key : keys) {
            Path path = Captured.path(key);
            if (roots.stream().anyMatch(path::startsWith) && Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
                spool.note(Captured.forget(path));
            }
        }
    }

    private boolean failedLately(Path path) {
        Long at = failed.get(path);
        return at != null && System.nanoTime() - at < FAILED_PAUSE.toNanos();
    }

    private boolean isCaptured(Path path, FileState state) {
        return spool.checkpoint(Captured.key(path))
                .flatMap(Captured::read)
                .filter(captured -> captured.done() && captured.state().equals(state))
                .isPresent();
    }

    /** Hands a file at rest to be captured. @return whether it need not be looked at any more */
    private boolean isDone(Map.Entry<Path, Seen> file) {
        Path path = file.getKey();
        if (busy.containsKey(path) || busy.size() >= MAX_BUSY) {
            return false;
        }
        try {
            FileState state = FileState.of(path);
            Seen seen = file.getValue();
            if (!state.equals(seen.state())) {
                file.setValue(new Seen(state, seen.name(), System.nanoTime()));
                return false;
            }
            if (System.nanoTime() - seen.sinceNanos() < REST.toNanos()) {
                return false;
            }
            FileCapture capture = new FileCapture(spool, path, seen.name());
            busy.put(path, capture);
            (state.size() > LONG_FILE ? longFiles : shortFiles).execute(() -> capture(capture));
            return true;
        } catch (IOException e) {
            return true; // gone
        }
    }

    private void capture(FileCapture capture) {
        Path path = capture.path();
        boolean again = true;
        try {
            if (capture.run()) {
                failed.remove(path);
                log.debug("Captured {}", path);
            }
        } catch (NoSuchFileException e) {
            log.info("{} was deleted before it could be captured", path);
        } catch (InterruptedException e) {
            log.debug("{} is captured further after the next start", path);
        } catch (IOException | RuntimeException e) {
            if (closed) {
                return;
            }
            again = false; // found by a later walk
            if (failed.put(path, System.nanoTime()) == null) {
                log.warn("{} can't be captured; tried again from time to time: {}", path, e.toString());
            }
        } finally {
            busy.remove(path);
            if (again) {
                tree.lookAgain(path);
            }
        }
    }
}
