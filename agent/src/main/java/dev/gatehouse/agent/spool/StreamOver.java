package dev.gatehouse.agent.spool;

/** Thrown when a chunk is put into a stream that takes no more: it is finished, or its file is to be captured again from its beginning. */
public final class StreamOver extends IllegalStateException {

    private static final long serialVersionUID = 1;

    StreamOver(String message) {
        super(message);
    }
}
