package dev.gatehouse.agent.enrol;

/** Enrolment or renewal did not work; the message is for the person who asked for it. */
public final class EnrolException extends Exception {

    private static final long serialVersionUID = 1;

    /** What kind of failure: decides the exit status. */
    public enum Reason {
        UNREACHABLE,
        REFUSED,
        FAILED
    }

    private final Reason reason;
    private final String code;

    EnrolException(Reason reason, String code, String message) {
        super(message);
        this.reason = reason;
        this.code = code;
    }

    public Reason reason() {
        return reason;
    }

    /** Stable, as the gateway gave it, or {@code wrong-pin}, {@code unreachable}, {@code bad-answer}. */
    public String code() {
        return code;
    }
}
