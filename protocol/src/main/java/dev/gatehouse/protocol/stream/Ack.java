package dev.gatehouse.protocol.stream;

import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/**
 * The payload of an ACK frame: {@code next u64 | limit u64}.
 *
 * @param next everything below this number of the channel's stream is durable; 0 on channel 0, which only raises the limit
 * @param limit total bytes of CHUNK payloads that the link may carry, counted from its start; never shrinks
 */
public record Ack(long next, long limit) {

    public static final int BYTES = 16;

    public Buffer encode() {
        return Buffer.buffer(BYTES).appendLong(next).appendLong(limit);
    }

    public static Ack decode(Buffer payload) throws ProtocolException {
        if (payload.length() != BYTES || payload.getLong(0) < 0 || payload.getLong(8) < 0) {
            throw new ProtocolException("ACK of " + payload.length() + " bytes; " + BYTES
                    + " bytes with two numbers up to 2^63-1 are allowed");
        }
        return new Ack(payload.getLong(0), payload.getLong(8));
    }
}
