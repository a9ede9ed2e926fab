package dev.gatehouse.protocol.transport;

import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.ProtocolException;

/** Takes a link's frames, one after the other, on the link's context. */
@FunctionalInterface
public interface FrameHandler {

    /** A frame other than PING and PONG. What it throws closes the link, and the other end is told why. */
    void handle(Frame frame) throws ProtocolException;
}
