package dev.gatehouse.cli.output;

/** The exit statuses that scripts rely on. */
public enum Exit {
    DONE(0),
    FAILED(1),
    USAGE(2),
    SETTINGS(3),
    NOT_REACHABLE(4),
    NOT_ALLOWED(5);

    private final int status;

    Exit(int status) {
        this.status = status;
    }

    public int status() {
        return status;
    }
}
