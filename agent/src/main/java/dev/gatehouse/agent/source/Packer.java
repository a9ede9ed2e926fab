package dev.gatehouse.agent.source;

import com.github.luben.zstd.Zstd;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Optional;

/** Packs what one stream captures, and learns from it how much will fit into a chunk. Confined to its writer. */
public final class Packer {

    /** Most that is packed into one chunk: larger ones pack little better and are slow to look into. */
    public static final int MAX_PLAIN = 256 * 1024;

    private static final int LEVEL = 1;

    /** After so many pieces that didn't shrink, some are not even tried. */
    private static final int HOPELESS = 4;

    private static final int SKIPPED = 60;

    /** A piece packed, and how. */
    public record Packed(Codec codec, Buffer bytes) {}

    private final byte[] room = new byte[(int) Zstd.compressBound(MAX_PLAIN)];
    private final boolean tries;
    private double ratio = 1;
    private int hopeless;
    private int skip;

    /** @param tries false for media types that are packed already */
    public Packer(boolean tries) {
        this.tries = tries;
    }

    /** How many plain bytes will probably fit into the next chunk. */
    public int target() {
        return tries && skip == 0
                ? (int) Math.max(Chunk.MAX_BYTES, Math.min(MAX_PLAIN, Chunk.MAX_BYTES * ratio * 0.9))
                : Chunk.MAX_BYTES;
    }

    /** Empty if it fits into no chunk: then less of it has to be packed. */
    public Optional<Packed> pack(byte[] plain, int from, int length) {
        boolean fitsPlain = length <= Chunk.MAX_BYTES;
        if (length == 0 || !tries || (skip > 0 && fitsPlain)) {
            skip = Math.max(0, skip - 1);
            return fitsPlain ? Optional.of(plain(plain, from, length)) : Optional.empty();
        }
        long packed = Zstd.compressByteArray(room, 0, room.length, plain, from, length, LEVEL);
        if (Zstd.isError(packed)) {
            throw new IllegalStateException("zstd: " + Zstd.getErrorName(packed));
        }
        ratio = (double) length / packed;
        hopeless = packed > length * 0.97 ? hopeless + 1 : 0;
        skip = hopeless >= HOPELESS ? SKIPPED : 0;
        if (packed >= length && fitsPlain) {
            return Optional.of(plain(plain, from, length));
        }
        return packed <= Chunk.MAX_BYTES
                ? Optional.of(new Packed(Codec.ZSTD, Buffer.buffer(Arrays.copyOf(room, (int) packed))))
                : Optional.empty();
    }

    private static Packed plain(byte[] plain, int from, int length) {
        return new Packed(Codec.NONE, Buffer.buffer(Arrays.copyOfRange(plain, from, from + length)));
    }
}
