package dev.gatehouse.ingest.index;

/** A chunk's bytes are not events; the message says why. */
final class DamagedChunkException extends Exception {

    private static final long serialVersionUID = 1;

    DamagedChunkException(String message) {
        super(message);
    }
}
