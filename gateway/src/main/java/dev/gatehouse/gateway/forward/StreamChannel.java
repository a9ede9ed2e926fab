package dev.gatehouse.gateway.forward;

import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;

/** A stream on a channel of one link, from STREAM_OPEN until the stream has ended, was opened anew, or the link has. Confined to its forwarder's context. */
final class StreamChannel {

    enum State {
        /** Waits for the worker to say where to go on. */
        OPENING,
        OPEN,
        /** What still arrives is dropped. */
        CLOSED
    }

    final LinkStreams link;
    final int number;
    final UUID streamId;
    final Outstanding outstanding = new Outstanding();
    State state = State.OPENING;
    Buffer open; // encoded STREAM_OPEN, until it is answered
    long next; // durable, as last told by the worker
    long sinceNanos; // since when something has been outstanding without progress
    long opening; // counts all openings of the forwarder: of two of a stream the higher is the newer
    long heardNanos; // when the worker last said something of the stream, or something became outstanding
    long endsAt = Long.MAX_VALUE; // number of the chunk that bears FIN
    private long nextSequence = -1; // that must come on this channel; unknown before the first chunk
    long queuedBytes; // of chunks that wait in the lane
    boolean moved; // durable number not yet told to the agent

    StreamChannel(LinkStreams link, int number, UUID streamId, Buffer open) {
        this.link = link;
        this.number = number;
        this.streamId = streamId;
        this.open = open;
    }

    /** Chunks of a channel go up by one until FIN: whatever else comes is the agent's mistake. */
    void came(long sequence, boolean last) throws ProtocolException {
        if (sequence < 0 || (nextSequence >= 0 && sequence != nextSequence) || endsAt != Long.MAX_VALUE) {
            throw new ProtocolException(
                    ErrorCode.BAD_ORDER,
                    "CHUNK " + Long.toUnsignedString(sequence) + " on channel " + Integer.toUnsignedString(number)
                            + "; "
                            + (endsAt != Long.MAX_VALUE ? "FIN has come" : Math.max(0, nextSequence) + " is next"));
        }
        nextSequence = sequence + 1;
        if (last) {
            endsAt = sequence;
        }
    }
}
