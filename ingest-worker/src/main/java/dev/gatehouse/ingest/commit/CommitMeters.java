package dev.gatehouse.ingest.commit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** What the commit path tells Prometheus. Thread-safe. */
public final class CommitMeters {

    /**
     * How the commit path fares now.
     *
     * @param held bytes that are taken and not durable
     * @param oldest for how long the oldest of them has waited
     */
    public record Load(long held, Duration oldest) {

        static final Load NONE = new Load(0, Duration.ZERO);
    }

    private final AtomicReference<Load> load = new AtomicReference<>(Load.NONE);
    private final AtomicInteger streams = new AtomicInteger();
    private final Counter bytes;
    private final Counter chunks;
    private final Counter inlineCommits;
    private final Counter segments;
    private final Counter storeFailures;
    private final Counter commitFailures;
    private final Counter refused;
    private final Timer commit;
    private final Timer durable;

    public CommitMeters(MeterRegistry meters) {
        bytes = meters.counter("gatehouse.ingest.durable.bytes");
        chunks = meters.counter("gatehouse.ingest.durable.chunks");
        inlineCommits = meters.counter("gatehouse.ingest.segments", "where", "inline");
        segments = meters.counter("gatehouse.ingest.segments", "where", "store");
        storeFailures = meters.counter("gatehouse.ingest.store.failures");
        commitFailures = meters.counter("gatehouse.ingest.commit.failures");
        refused = Counter.builder("gatehouse.ingest.streams.refused")
                .description("streams that were stopped because the database refuses what is in a chunk of theirs")
                .register(meters);
        meters.gauge(
                "gatehouse.ingest.held.bytes", load, now -> (double) now.get().held());
        meters.gauge(
                "gatehouse.ingest.oldest.seconds",
                load,
                now -> now.get().oldest().toMillis() / 1000.0);
        meters.gauge("gatehouse.ingest.streams", streams);
        commit = Timer.builder("gatehouse.ingest.commit")
                .publishPercentileHistogram()
                .register(meters);
        durable = Timer.builder("gatehouse.ingest.durable")
                .description("from a chunk's arrival until it is durable; the oldest of each commit")
                .publishPercentileHistogram()
                .register(meters);
    }

    /** Tells how the commit path fares; what was told last counts. */
    public void load(long held, Duration oldest) {
        load.set(new Load(held, oldest));
    }

    public Load load() {
        return load.get();
    }

    public void streams(int open) {
        streams.set(open);
    }

    void committed(List<Cut> group, long stored, long startedAt) {
        long now = System.nanoTime();
        chunks.increment((double) stored);
        commit.record(now - startedAt, TimeUnit.NANOSECONDS);
        for (Cut cut : group) {
            bytes.increment((double) cut.bytes());
            (cut.inline() ? inlineCommits : segments).increment();
            durable.record(now - cut.chunks().getFirst().takenAt(), TimeUnit.NANOSECONDS);
        }
    }

    void storeFailed() {
        storeFailures.increment();
    }

    void refused() {
        refused.increment();
    }

    void commitFailed() {
        commitFailures.increment();
    }
}
