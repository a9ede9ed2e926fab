package dev.gatehouse.protocol.wire;

import com.google.protobuf.ByteString;
import dev.gatehouse.protocol.message.ErrorCode;
import java.nio.ByteBuffer;
import java.util.UUID;

/** UUIDs as protobuf fields carry them: 16 bytes, most significant first. */
public final class Ids {

    public static final int BYTES = 16;

    private Ids() {}

    public static ByteString bytes(UUID id) {
        ByteBuffer bytes =
                ByteBuffer.allocate(BYTES).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        return ByteString.copyFrom(bytes.flip());
    }

    /** Reads an id; {@code field} names it in the error, as {@code HELLO.agent_id}. */
    public static UUID uuid(String field, ByteString bytes) throws ProtocolException {
        if (bytes.size() != BYTES) {
            throw new ProtocolException(
                    ErrorCode.BAD_MESSAGE, field + " of " + bytes.size() + " bytes; " + BYTES + " are needed");
        }
        ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
