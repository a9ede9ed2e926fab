package dev.gatehouse.gateway.forward;

import dev.gatehouse.shared.bus.ChunkBatch;
import dev.gatehouse.shared.bus.StreamOpening;

/** What the forwarder says to ingest-workers, in the order of the calls. Answers come back through {@link Forwarder}; one that doesn't come is asked for again by its clock. */
public interface WorkerOutput {

    void open(String worker, long request, StreamOpening opening);

    void send(String worker, ChunkBatch batch);
}
