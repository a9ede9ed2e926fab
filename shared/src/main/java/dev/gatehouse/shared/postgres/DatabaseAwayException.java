package dev.gatehouse.shared.postgres;

/** The database did not take connections in time, or refuses this user. */
public final class DatabaseAwayException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public DatabaseAwayException(String message, Throwable cause) {
        super(message, cause);
    }
}
