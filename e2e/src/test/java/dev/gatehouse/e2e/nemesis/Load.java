package dev.gatehouse.e2e.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Something to capture at all times: lines for a log of each agent, a few dozen each second, and now and then a file. What it writes, an oracle is told; what was acknowledged is in the agents' ledgers. */
final class Load implements AutoCloseable {

    /** What a file is called, its name's end. */
    static final String FILE = ".bin";

    /** What is in each line. */
    static final String LINE = "of the load";

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long PERIOD_MILLIS = 50;
    private static final int FILE_EVERY = 40;
    private static final int FILE_BYTES = 150_000;

    /**
     * Where an agent looks.
     *
     * @param name no two have the same
     * @param log whose lines are captured
     * @param files a folder whose files are captured
     */
    record Source(String name, Path log, Path files, Path ledger) {}

    private final List<Source> sources;
    private final Oracle oracle;
    private final Path scratch;
    private final Random random = new Random(1);
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> writing;
    private long turn;
    private boolean paused;

    /** @param scratch a folder for files that are not complete */
    Load(List<Source> sources, Oracle oracle, Path scratch) {
        this.sources = List.copyOf(sources);
        this.oracle = oracle;
        this.scratch = scratch;
        this.writing = writer.scheduleAtFixedRate(this::write, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private synchronized void write() {
        if (paused) {
            return;
        }
        try {
            for (Source source : sources) {
                String text = source.name() + "-" + turn + " " + LINE;
                Files.writeString(source.log(), text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                oracle.written(text);
            }
            if (turn % FILE_EVERY == 0) {
                writeFile(sources.get((int) (turn / FILE_EVERY % sources.size())));
            }
            turn++;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeFile(Source source) throws IOException {
        byte[] content = new byte[FILE_BYTES];
        random.nextBytes(content);
        String name = source.name() + "-" + turn + FILE;
        Path whole = Files.write(scratch.resolve(name), content);
        Files.move(whole, source.files().resolve(name), StandardCopyOption.ATOMIC_MOVE);
        oracle.written(name + " " + sha256(content));
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Returns when of each agent something was acknowledged that was captured after the call: two chunks of one stream follow each other. */
    void awaitAcknowledged(String when) {
        List<Long> before = sources.stream().map(Load::acknowledged).toList();
        for (int i = 0; i < sources.size(); i++) {
            Source source = sources.get(i);
            long enough = before.get(i) + 2;
            await("acknowledgements for " + source.name() + " " + when)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> acknowledged(source) >= enough);
        }
    }

    private static long acknowledged(Source source) {
        if (!Files.exists(source.ledger())) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(source.ledger())) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing new until {@link #go()}; the oracle knows all that was written, and is the caller's meanwhile. */
    synchronized void pause() {
        assertThat(writing.isDone()).as("the load failed").isFalse();
        paused = true;
    }

    synchronized void go() {
        paused = false;
    }

    @Override
    public void close() {
        writer.shutdownNow();
    }
}
