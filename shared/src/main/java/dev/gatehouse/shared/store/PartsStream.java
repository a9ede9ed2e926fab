package dev.gatehouse.shared.store;

import io.vertx.core.buffer.Buffer;
import java.io.InputStream;
import java.util.List;

/** Parts of an object, one after the other, as a stream; nothing is copied but into the reader's array. Confined to one thread at a time. */
final class PartsStream extends InputStream {

    private final List<Buffer> parts;
    private int part;
    private int at;

    PartsStream(List<Buffer> parts) {
        this.parts = parts;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        while (part < parts.size() && at == parts.get(part).length()) {
            part++;
            at = 0;
        }
        if (part == parts.size()) {
            return -1;
        }
        int count = Math.min(length, parts.get(part).length() - at);
        parts.get(part).getBytes(at, at + count, into, offset);
        at += count;
        return count;
    }
}
