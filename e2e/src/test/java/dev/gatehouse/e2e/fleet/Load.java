package dev.gatehouse.e2e.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Something to capture at all times: lines for a log in the watched folder, a few dozen each second. What was acknowledged is in the agent's ledger. */
final class Load implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long PERIOD_MILLIS = 50;

    private final Path log;
    private final Path ledger;
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> writing;
    private long line;

    Load(Path log, Path ledger) {
        this.log = log;
        this.ledger = ledger;
        this.writing = writer.scheduleAtFixedRate(this::write, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void write() {
        try {
            Files.writeString(
                    log, "line " + line++ + " of the load\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when something was acknowledged that was captured after the call: two chunks of one stream follow each other. */
    void awaitAcknowledged(String when) {
        long before = acknowledged();
        await("acknowledgements " + when)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> acknowledged() >= before + 2);
    }

    long acknowledged() {
        if (!Files.exists(ledger)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(ledger)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        assertThat(writing.isDone()).as("the load failed").isFalse();
        writer.shutdownNow();
    }
}
