package dev.gatehouse.shared.settings;

import java.time.Duration;

/** How captured data is taken in, made durable and indexed. */
public record CaptureSettings(
        @Default("1GiB") @Doc("Memory of a gateway for chunks that are not yet durable; windows are granted out of it")
        MemorySize gatewayBudget,

        @Default("4MiB") @Doc("Most that one link may have on its way")
        MemorySize linkWindow,

        @Default("20000") @Doc("Links that one gateway accepts")
        int maxLinks,

        @Default("64") @Doc("TLS handshakes in progress at once per gateway")
        int maxHandshakes,

        @Default("5s") @Doc("Between an agent's heartbeats") Duration heartbeat,

        @Default("10s") @Doc("A link without any byte for so long is dead")
        Duration silence,

        @Default("256MiB") @Doc("Memory of an ingest-worker for chunks that are not yet durable")
        MemorySize workerBudget,

        @Default("64KiB") @Doc("A commit below this goes inline into PostgreSQL, above into an object")
        MemorySize inlineBelow,

        @Default("16MiB") @Doc("A segment is cut at this length at the latest")
        MemorySize segmentMax,

        @Default("4") @Doc("Segments on their way to the object store at once")
        int uploads,

        @Default("24h") @Doc("A stream that is not a file is followed by a new one after this")
        Duration streamRotation,

        @Default("1h") @Doc("A writer not seen for so long is closed by the orphan collector")
        Duration orphanAfter,

        @Default("4096") @Doc("Events that one indexing transaction takes, about")
        int indexBatch) {}
