package dev.gatehouse.gateway.agentlink;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.Ids;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;

/** Holds a STREAM_OPEN against its limits, so that workers can rely on them. */
final class StreamOpenCheck {

    private static final int MAX_TEXT = 256;

    /** Longest path of a file: what Linux allows. */
    private static final int MAX_NAME = 4096;

    private StreamOpenCheck() {}

    /** Which stream is to be opened. */
    static UUID stream(Buffer payload) throws ProtocolException {
        StreamOpen open;
        try {
            open = StreamOpen.parseFrom(payload.getBytes());
        } catch (InvalidProtocolBufferException unreadable) {
            throw bad("STREAM_OPEN cannot be read");
        }
        if (open.getKind() == StreamKind.STREAM_KIND_UNSPECIFIED || open.getKind() == StreamKind.UNRECOGNIZED) {
            throw bad("STREAM_OPEN.kind " + open.getKindValue() + "; 1 to 4 are known");
        }
        atMost("subject", open.getSubject(), MAX_TEXT);
        atMost("media_type", open.getMediaType(), MAX_TEXT);
        atMost("name", open.getName(), MAX_NAME);
        if (open.getFirst() < 0) {
            throw bad("STREAM_OPEN.first " + Long.toUnsignedString(open.getFirst()) + "; at most 2^63-1 is allowed");
        }
        return Ids.uuid("STREAM_OPEN.stream_id", open.getStreamId());
    }

    private static void atMost(String field, String text, int most) throws ProtocolException {
        if (text.length() > most) {
            throw bad(
                    "STREAM_OPEN." + field + " of " + text.length() + " characters; at most " + most + " are allowed");
        }
        if (text.indexOf('\0') >= 0) {
            throw bad("STREAM_OPEN." + field + " with a zero character; none is allowed");
        }
    }

    private static ProtocolException bad(String message) {
        return new ProtocolException(ErrorCode.BAD_MESSAGE, message);
    }
}
