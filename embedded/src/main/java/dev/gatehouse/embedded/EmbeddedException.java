package dev.gatehouse.embedded;

/** An embedded server could not be started, stopped or asked; the message says which, where, and what its log said last. */
public class EmbeddedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public EmbeddedException(String message) {
        super(message);
    }

    public EmbeddedException(String message, Throwable cause) {
        super(message, cause);
    }
}
