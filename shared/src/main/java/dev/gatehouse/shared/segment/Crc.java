package dev.gatehouse.shared.segment;

import io.vertx.core.buffer.Buffer;
import java.util.zip.CRC32C;

/** CRC32C over pieces of buffers through a small array of its own, so that no large one is allocated for each block. Confined to one thread. */
final class Crc {

    private static final int STEP = 16 * 1024;

    private final byte[] copy = new byte[STEP];
    private final CRC32C crc = new CRC32C();

    Crc add(Buffer bytes, int from, int to) {
        for (int at = from; at < to; at += STEP) {
            int end = Math.min(to, at + STEP);
            bytes.getBytes(at, end, copy);
            crc.update(copy, 0, end - at);
        }
        return this;
    }

    /** The value of all that was added; starts afresh. */
    int take() {
        int value = (int) crc.getValue();
        crc.reset();
        return value;
    }
}
