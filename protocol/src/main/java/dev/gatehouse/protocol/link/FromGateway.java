package dev.gatehouse.protocol.link;

import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.stream.Ack;
import dev.gatehouse.protocol.wire.Frame;

/** A frame of a gateway that is allowed and read. */
public sealed interface FromGateway {

    /** A control message. One without a body is of a newer minor version, to be ignored. REWIND has closed all stream channels already. */
    record Said(Control control) implements FromGateway {}

    /** The answer to an opening, or the early end of a stream that was open. */
    record StreamAnswered(int channel, StreamOpened opened) implements FromGateway {}

    /** Everything below {@code ack.next()} of the channel's stream is durable; the window is raised already. */
    record Acked(int channel, Ack ack) implements FromGateway {}

    /** Only the window was raised. */
    record Raised() implements FromGateway {}

    /** About a tunnel, or asking for one. */
    record OfTunnel(Frame frame) implements FromGateway {}

    /** About a channel that was closed by REWIND, while it was on its way: forget it. */
    record Outdated() implements FromGateway {}
}
