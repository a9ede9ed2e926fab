package dev.gatehouse.shared.bus;

import java.util.List;
import java.util.UUID;

/** Ingest-worker to gateway, one way: everything below {@code next} is durable. Cumulative; repeated each second for streams that have moved or are open. */
public record Progress(String workerId, List<Item> items) {

    /** Most streams of one message; a worker with more sends several. */
    public static final int MAX_ITEMS = 40_000;

    /**
     * @param fault what stopped the stream: NONE goes on; FORKED, GAP (open it again), QUARANTINED is not one, as it is stored and acknowledged
     */
    public record Item(UUID streamId, long next, Fault fault) {}

    /** Why a stream takes no more chunks from its present link. */
    public enum Fault {
        NONE,
        FORKED,
        GAP
    }
}
