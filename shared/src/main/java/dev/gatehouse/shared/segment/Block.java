package dev.gatehouse.shared.segment;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * What reading a block gave.
 *
 * @param payload of the CHUNK frame, its block's CRC checked; empty if what is stored is not what was written
 * @param problem why it is empty; empty text otherwise
 */
public record Block(BlockRef ref, Optional<Buffer> payload, String problem) {

    static Block broken(BlockRef ref, String problem) {
        return new Block(ref, Optional.empty(), problem);
    }

    /** Cuts a block out of bytes in which it begins at {@code at}, and checks that it is the one that was asked for. */
    static Block cut(BlockRef ref, Buffer bytes, long at, Crc crc) {
        if (at < 0 || at + ref.blockLength() > bytes.length()) {
            return broken(
                    ref,
                    "block at " + at + " with " + ref.blockLength() + " bytes is outside the " + bytes.length()
                            + " that are there");
        }
        try {
            BlockHeader header = BlockHeader.decode(bytes, (int) at);
            if (!header.streamId().equals(ref.streamId()) || header.sequence() != ref.sequence()) {
                return broken(ref, "block holds chunk " + header.sequence() + " of stream " + header.streamId());
            }
            return new Block(ref, Optional.of(header.payload(bytes, (int) at, crc)), "");
        } catch (SegmentException e) {
            return broken(ref, e.getMessage());
        }
    }
}
