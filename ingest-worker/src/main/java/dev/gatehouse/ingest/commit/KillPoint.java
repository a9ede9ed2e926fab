package dev.gatehouse.ingest.commit;

/** The places in the commit path at which a process may die with different things done; tests die at each of them. */
public enum KillPoint {
    BEFORE_PUT,
    AFTER_PUT,
    BEFORE_COMMIT,
    AFTER_COMMIT,
    BEFORE_PROGRESS,
    AFTER_PROGRESS,
    BEFORE_REGISTER,
    AFTER_REGISTER;

    /** What happens there: nothing in production. A test's hook throws, or ends the process. */
    @FunctionalInterface
    public interface Hook {

        Hook NONE = point -> {};

        void reached(KillPoint point);
    }
}
