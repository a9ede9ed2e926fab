package dev.gatehouse.cli.verify;

import java.util.Optional;
import java.util.UUID;

/** What the server has of a stream, told chunk by chunk. A test has one of its own. */
interface StoredChunks {

    /**
     * A chunk as it was read again from the store.
     *
     * @param sha256 lower-case hex; empty if its bytes cannot be read
     */
    record Stored(long sequence, Optional<String> sha256, State state) {}

    enum State {
        THERE,
        /** Taken away by retention, as it should be. */
        EXPIRED
    }

    /** Takes chunks in the order of their numbers; says whether it wants more. */
    interface Taker {
        boolean take(Stored chunk);
    }

    enum Known {
        YES,
        /** Never heard of it. */
        NO,
        /** It was here; retention has taken it. */
        EXPIRED
    }

    /** Tells the stream's chunks, one stored twice twice. */
    Known read(UUID stream, Taker taker);
}
