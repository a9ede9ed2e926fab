package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.protocol.message.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/** What a gateway counts of its agents' links. Thread-safe. */
final class LinkMetrics {

    private final MeterRegistry meters;
    private final Map<ErrorCode, Counter> refused = new EnumMap<>(ErrorCode.class);
    private final Counter handshakesRefused;
    private final Timer handshakes;
    private final Counter chunks;
    private final Counter bytes;
    private final Counter rewinds;
    private final Timer durable;
    private final DistributionSummary batches;

    LinkMetrics(MeterRegistry meters) {
        this.meters = meters;
        for (ErrorCode code : ErrorCode.values()) {
            if (code != ErrorCode.UNRECOGNIZED) {
                refused.put(
                        code,
                        Counter.builder("gatehouse_gateway_links_closed")
                                .description("Links refused or closed by this gateway, by reason")
                                .tag("reason", code.name().toLowerCase(Locale.ROOT))
                                .register(meters));
            }
        }
        handshakesRefused = Counter.builder("gatehouse_gateway_handshakes_refused")
                .description("Connections closed before their handshake because too many were in progress")
                .register(meters);
        handshakes = Timer.builder("gatehouse_gateway_handshake")
                .description("TLS handshakes of agents")
                .register(meters);
        chunks = Counter.builder("gatehouse_gateway_chunks")
                .description("Chunks received")
                .register(meters);
        bytes = Counter.builder("gatehouse_gateway_chunk_bytes")
                .description("Bytes of chunks received")
                .baseUnit("bytes")
                .register(meters);
        rewinds = Counter.builder("gatehouse_gateway_rewinds")
                .description("Links told to open their streams again")
                .register(meters);
        durable = Timer.builder("gatehouse_gateway_durable_lag")
                .description("From a stream's oldest chunk on its way to the progress that makes it durable")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(30))
                .register(meters);
        batches = DistributionSummary.builder("gatehouse_gateway_batch_bytes")
                .description("Batches sent to ingest-workers, repeats too")
                .baseUnit("bytes")
                .register(meters);
    }

    void gauge(String name, String description, DoubleSupplier value) {
        Gauge.builder("gatehouse_gateway_" + name, value, DoubleSupplier::getAsDouble)
                .description(description)
                .strongReference(true)
                .register(meters);
    }

    void closed(ErrorCode reason) {
        Counter counter = refused.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    void handshakeRefused() {
        handshakesRefused.increment();
    }

    void handshake(long nanos) {
        handshakes.record(nanos, TimeUnit.NANOSECONDS);
    }

    void received(int count, long size) {
        chunks.increment(count);
        bytes.increment((double) size);
    }

    void rewound() {
        rewinds.increment();
    }

    void durable(long nanos) {
        durable.record(nanos, TimeUnit.NANOSECONDS);
    }

    void sent(long size) {
        batches.record((double) size);
    }
}
