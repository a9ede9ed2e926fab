package dev.gatehouse.bench.target;

/** The load cannot be run; the message says why. */
public final class BenchException extends Exception {

    private static final long serialVersionUID = 1;

    public BenchException(String message) {
        super(message);
    }

    public BenchException(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
