package dev.gatehouse.shared.segment;

/** Stored bytes are not what the format says; the message names the value and what is allowed. */
public final class SegmentException extends Exception {

    private static final long serialVersionUID = 1;

    public SegmentException(String message) {
        super(message);
    }
}
