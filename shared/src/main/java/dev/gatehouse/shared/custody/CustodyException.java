package dev.gatehouse.shared.custody;

/** Custody refused, or could not be asked. */
public final class CustodyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Why. */
    public enum Reason {
        UNKNOWN_TOKEN,
        USED_TOKEN,
        EXPIRED_TOKEN,
        BAD_REQUEST,
        UNKNOWN_AGENT,
        REVOKED,
        UNAVAILABLE
    }

    private final Reason reason;

    public CustodyException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
