package dev.gatehouse.shared.people;

import java.time.Duration;
import java.util.Locale;

/** A sign-in or a change to people was refused. Its message may be shown to whoever asked. */
public final class PeopleException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Why. */
    public enum Reason {
        /** Name or password; which of them is not said. */
        WRONG_PASSWORD,
        /** Too many wrong passwords: not before {@link #retryAfter()}. */
        BLOCKED,
        /** By an administrator. Said only to who has given the right password. */
        DISABLED,
        /** Too many sign-ins at once in this process. */
        BUSY,
        BAD_REQUEST,
        NAME_TAKEN,
        UNKNOWN_PERSON,
        /** Nobody could administer any more. */
        LAST_ADMINISTRATOR,
        UNKNOWN_ROLE,
        UNKNOWN_LOCK,
        /** Built in, or still somebody's. */
        ROLE_IN_USE;

        /** As the {@code code} of a problem: {@code wrong-password}. */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Reason reason;
    private final Duration retryAfter;

    PeopleException(Reason reason, String message) {
        this(reason, message, Duration.ZERO);
    }

    PeopleException(Reason reason, String message, Duration retryAfter) {
        super(message);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    public Reason reason() {
        return reason;
    }

    /** When to try again; zero if that makes no difference. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
