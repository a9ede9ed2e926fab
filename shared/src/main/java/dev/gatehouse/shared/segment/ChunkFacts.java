package dev.gatehouse.shared.segment;

import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/**
 * What a chunk's row and its footer entry say about it, so that neither needs the bytes.
 *
 * @param firstTime microseconds since the epoch, held within {@link #EARLIEST} and {@link #LATEST}
 * @param lastTime as {@code firstTime}
 * @param codec code of the codec; 0 unless whole
 * @param flags {@link #KEY}, {@link #FIN}
 * @param crc that the payload claims
 * @param length of the payload
 */
public record ChunkFacts(
        State state,
        long firstTime,
        long lastTime,
        int records,
        int codec,
        int flags,
        int crc,
        int length,
        int plainLength,
        long contentOffset) {

    /** As in {@code chunk.state}. */
    public enum State {
        WHOLE(0),
        /** Its CRC was wrong on arrival: kept as it came, never decoded. */
        QUARANTINED(1),
        /** Its CRC is right and yet it cannot be decoded. */
        DAMAGED(2);

        private final int code;

        State(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }

        static State of(int code) throws SegmentException {
            return switch (code) {
                case 0 -> WHOLE;
                case 1 -> QUARANTINED;
                case 2 -> DAMAGED;
                default -> throw new SegmentException("chunk state " + code + "; 0 to 2 are known");
            };
        }
    }

    public static final int KEY = 1;
    public static final int FIN = 2;

    /** 1970-01-01: an agent's clock may be wrong, but a row must be storable. */
    public static final long EARLIEST = 0;

    /** 2200-01-01. */
    public static final long LATEST = 7_258_118_400_000_000L;

    /** The facts of a payload, whatever is in it. */
    public static ChunkFacts of(Buffer payload) {
        if (payload.length() < Chunk.HEADER_BYTES) {
            return unreadable(State.DAMAGED, payload);
        }
        if (!Chunk.crcMatches(payload)) {
            return unreadable(State.QUARANTINED, payload);
        }
        try {
            return of(Chunk.decode(payload), payload);
        } catch (ProtocolException unknown) {
            return unreadable(State.DAMAGED, payload);
        }
    }

    /** The facts of a payload that was decoded and whose CRC matched. */
    public static ChunkFacts of(Chunk chunk, Buffer payload) {
        long first = Math.clamp(chunk.firstTime(), EARLIEST, LATEST);
        return new ChunkFacts(
                State.WHOLE,
                first,
                Math.clamp(chunk.lastTime(), first, LATEST),
                chunk.records(),
                chunk.codec().code(),
                (chunk.key() ? KEY : 0) | (chunk.fin().isPresent() ? FIN : 0),
                Chunk.crc(payload),
                payload.length(),
                chunk.plainLength(),
                chunk.contentOffset());
    }

    private static ChunkFacts unreadable(State state, Buffer payload) {
        return new ChunkFacts(
                state, 0, 0, 0, 0, 0, payload.length() < 4 ? 0 : Chunk.crc(payload), payload.length(), 0, 0);
    }
}
