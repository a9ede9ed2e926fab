package dev.gatehouse.shared.segment;

import io.vertx.core.buffer.Buffer;
import java.util.UUID;

/** UUIDs as 16 bytes, most significant first. */
final class Ids {

    static final int BYTES = 16;

    private Ids() {}

    static Buffer append(Buffer to, UUID id) {
        return to.appendLong(id.getMostSignificantBits()).appendLong(id.getLeastSignificantBits());
    }

    static UUID read(Buffer from, int at) {
        return new UUID(from.getLong(at), from.getLong(at + 8));
    }
}
