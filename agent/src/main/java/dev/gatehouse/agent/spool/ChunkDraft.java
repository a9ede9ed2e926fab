package dev.gatehouse.agent.spool;

import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * A chunk before the spool has given it its number and its place in the stream's content.
 *
 * @param firstTime of the first record, microseconds since the epoch
 * @param bytes packed by {@code codec}, at most {@link Chunk#MAX_BYTES}
 * @param sha256 present on the stream's last chunk: of the whole content, 32 bytes; all zero if nobody computed it
 */
public record ChunkDraft(
        long firstTime,
        long lastTime,
        int records,
        Codec codec,
        int plainLength,
        boolean key,
        Buffer bytes,
        Optional<Buffer> sha256) {

    /** FIN's SHA-256 of a stream whose content nobody has hashed as a whole. */
    public static final Buffer NO_HASH = Buffer.buffer(new byte[32]);

    /** A last chunk without content: the stream ends here, and says by its missing hash that it may not be whole. */
    public static ChunkDraft end(long time) {
        return new ChunkDraft(time, time, 0, Codec.NONE, 0, false, Buffer.buffer(), Optional.of(NO_HASH));
    }

    Chunk at(long sequence, long contentOffset) {
        return new Chunk(
                sequence,
                firstTime,
                lastTime,
                records,
                codec,
                plainLength,
                contentOffset,
                key,
                sha256.map(hash -> new Chunk.Fin(sequence + 1, hash)),
                Buffer.buffer(),
                bytes);
    }
}
