package dev.gatehouse.protocol.link;

import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.Control.BodyCase;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.ProtocolException;

/** Reads CONTROL frames the same way for both ends. */
public final class ControlFrame {

    private ControlFrame() {}

    /** A body that this version doesn't know comes from a newer minor version and is let through without one; nothing at all is an error. */
    public static Control read(Frame frame) throws ProtocolException {
        if (frame.channel() != 0) {
            throw new ProtocolException(
                    "CONTROL on channel " + Integer.toUnsignedString(frame.channel()) + "; only channel 0 is allowed");
        }
        Control control = MessageLimits.parse("CONTROL", Control.parser(), frame.payload());
        if (control.getBodyCase() == BodyCase.BODY_NOT_SET
                && control.getUnknownFields().asMap().isEmpty()) {
            throw new ProtocolException(ErrorCode.BAD_MESSAGE, "CONTROL without a body; exactly one is needed");
        }
        return control;
    }
}
