package dev.gatehouse.agent;

import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.StreamOpen;
import io.vertx.core.buffer.Buffer;

/** A frame of an agent that is allowed, within its limits, and read. */
sealed interface FromAgent {

    /** A control message. One without a body is of a newer minor version, to be ignored. */
    record Said(Control control) implements FromAgent {}

    /** Asks to open a stream; to be answered with STREAM_OPENED and {@link GatewayEnd#answered}. */
    record OpenStream(int channel, StreamOpen open) implements FromAgent {}

    /**
     * A chunk of an open stream.
     *
     * @param payload opaque but for its {@code sequence}
     * @param fin whether it is the stream's last: the channel is closed now
     */
    record Carried(int channel, long sequence, boolean fin, Buffer payload) implements FromAgent {}

    /** A chunk on a channel that the gateway has closed while it was on its way: forget it, and count its bytes as settled. */
    record Dropped(int bytes) implements FromAgent {}
}
