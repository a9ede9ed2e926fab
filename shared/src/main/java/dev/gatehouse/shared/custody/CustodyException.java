package dev.gatehouse.shared.custody;

import java.util.Locale;
import java.util.Optional;

/** Custody refused, or could not be asked. */
public final class CustodyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Why. The numbers are those of failures on the bus, so they stay. */
    public enum Reason {
        UNKNOWN_TOKEN(1),
        USED_TOKEN(2),
        EXPIRED_TOKEN(3),
        BAD_REQUEST(4),
        UNKNOWN_AGENT(5),
        REVOKED(6),
        /** The grace in which an expired certificate could have been renewed is over: enrol again. */
        EXPIRED_CERTIFICATE(7),
        UNAVAILABLE(8),
        WRONG_NODE_TOKEN(9);

        private final int number;

        Reason(int number) {
            this.number = number;
        }

        /** As a failure on the bus. */
        int number() {
            return number;
        }

        /** As the {@code code} of a problem: {@code unknown-token}. */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Optional<Reason> of(int number) {
            for (Reason reason : values()) {
                if (reason.number == number) {
                    return Optional.of(reason);
                }
            }
            return Optional.empty();
        }
    }

    private final Reason reason;

    public CustodyException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public CustodyException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
