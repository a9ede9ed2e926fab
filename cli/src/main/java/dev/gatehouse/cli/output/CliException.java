package dev.gatehouse.cli.output;

/** A command could not be done. Its message is all that people see. */
public class CliException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Exit exit;

    public CliException(Exit exit, String message) {
        super(message);
        this.exit = exit;
    }

    public CliException(Exit exit, String message, Throwable cause) {
        super(message, cause);
        this.exit = exit;
    }

    public Exit exit() {
        return exit;
    }
}
