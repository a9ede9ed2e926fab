package dev.gatehouse.shared.custody;

/** Why a process cannot be a node: it has no certificate and gets none. */
public final class IdentityException extends Exception {

    private static final long serialVersionUID = 1;

    /** What stands in the way; the status is what the process ends with. */
    public enum Reason {
        /** Files or settings. */
        FAILED(1),
        /** Nobody answered who is custody. */
        UNREACHABLE(4),
        /** The node token is not the deployment's. */
        REFUSED(5);

        private final int status;

        Reason(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }
    }

    private final Reason reason;

    IdentityException(Reason reason, String message) {
        this(reason, message, null);
    }

    IdentityException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
