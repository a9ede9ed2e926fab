package dev.gatehouse.agent.spool;

import dev.gatehouse.protocol.message.StreamKind;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;

/** One entry of a log file. The spool's state is what the entries of all files, read in order, add up to. */
sealed interface SpoolRecord {

    /** A stream and where it stands; written when it opens, and again when the file that says so is about to go. */
    record Opened(StreamInfo info, long next, long acked, long content, Alias alias) implements SpoolRecord {}

    /** A chunk, as encoded for its stream, and the checkpoints that hold once it is in. */
    record Stored(UUID stream, StreamKind kind, long sequence, List<Checkpoint> checkpoints, Buffer payload)
            implements SpoolRecord {}

    /** Everything below {@code next} is durable on the other side. May be behind. */
    record Acked(UUID stream, long next) implements SpoolRecord {}

    /** The stream is over and done with. */
    record Closed(UUID stream) implements SpoolRecord {}

    /** From its number {@code alias.base} on, the stream is sent as another one. */
    record Forked(UUID stream, Alias alias) implements SpoolRecord {}

    /** A checkpoint by itself. */
    record Noted(Checkpoint checkpoint) implements SpoolRecord {}
}
