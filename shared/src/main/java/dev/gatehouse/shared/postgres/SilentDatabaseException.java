package dev.gatehouse.shared.postgres;

/** The database has not answered for so long that its answer is no longer waited for: whether it has done what was asked is unknown. */
public final class SilentDatabaseException extends RuntimeException {

    private static final long serialVersionUID = 1;

    SilentDatabaseException(String message) {
        super(message);
    }
}
