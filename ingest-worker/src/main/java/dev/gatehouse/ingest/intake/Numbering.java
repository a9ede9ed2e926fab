package dev.gatehouse.ingest.intake;

import dev.gatehouse.shared.bus.ChunkBatch;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far each sender has counted: batches are taken in the order of their numbers, each once.
 *
 * <p>Pure; confined to one thread.
 */
final class Numbering {

    /** What a number is to its sender. */
    enum Place {
        NEXT,
        /** Accepted before. */
        REPEAT,
        /** One before it was refused or lost, and will come again. */
        EARLY,
        /** Nothing that could go on here: the sender must start afresh. */
        UNKNOWN
    }

    /** A sender has fewer batches on their way. */
    static final long AHEAD = 64;

    /** Senders that are remembered, the latest ones. */
    static final int SENDERS = 4096;

    private record Key(String nodeId, int instance) {}

    private static final class Count {
        long epoch;
        long last;
    }

    private final Map<Key, Count> counts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Count> eldest) {
            return size() > SENDERS;
        }
    };

    Place place(ChunkBatch.Sender sender, long number) {
        Key key = new Key(sender.nodeId(), sender.instance());
        Count count = counts.get(key);
        if (count == null || count.epoch < sender.epoch()) {
            if (number != 1) {
                return Place.UNKNOWN;
            }
            count = new Count();
            count.epoch = sender.epoch();
            counts.put(key, count);
        }
        if (count.epoch > sender.epoch() || number > count.last + AHEAD) {
            return Place.UNKNOWN;
        }
        return number <= count.last ? Place.REPEAT : number == count.last + 1 ? Place.NEXT : Place.EARLY;
    }

    /** The sender's next batch is accepted. */
    void accept(ChunkBatch.Sender sender) {
        counts.get(new Key(sender.nodeId(), sender.instance())).last++;
    }
}
