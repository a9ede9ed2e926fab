package dev.gatehouse.standalone.fleet;

/** Something of a fleet cannot be done; the message is for people. */
final class FleetException extends Exception {

    private static final long serialVersionUID = 1;

    static final int FAILED = 1;
    static final int NOT_REACHABLE = 4;

    private final int exitStatus;

    FleetException(String message) {
        this(FAILED, message);
    }

    FleetException(int exitStatus, String message) {
        super(message);
        this.exitStatus = exitStatus;
    }

    FleetException(String message, Throwable cause) {
        super(message, cause);
        this.exitStatus = FAILED;
    }

    int exitStatus() {
        return exitStatus;
    }
}
