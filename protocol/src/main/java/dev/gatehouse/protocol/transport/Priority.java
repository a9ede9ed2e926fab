package dev.gatehouse.protocol.transport;

import dev.gatehouse.protocol.wire.FrameType;

/** What goes out first, most urgent first. Frames of one priority keep their order; a channel stays with one priority. */
public enum Priority {
    /** The link itself: control, acks, openings of streams, pings. */
    CONTROL,
    /** What a person waits for. */
    TUNNEL,
    /** Chunks of events: small, and wanted soon. */
    EVENTS,
    /** Chunks of recordings and files. */
    BULK;

    /** The priority of frames of this type, if their sender doesn't know better. */
    public static Priority of(FrameType type) {
        return switch (type) {
            case CONTROL, STREAM_OPEN, STREAM_OPENED, ACK, PING, PONG -> CONTROL;
            case OPEN, OPENED, RESUME, DETACHED, CLOSE, DATA, WINDOW -> TUNNEL;
            case CHUNK -> BULK;
        };
    }
}
