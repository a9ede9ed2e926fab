package dev.gatehouse.ingest.index;

/** Another worker has indexed the blocks meanwhile: nothing of this transaction may stay. */
final class OvertakenException extends RuntimeException {

    private static final long serialVersionUID = 1;

    OvertakenException() {
        super("another worker has gone on with the task");
    }
}
