package dev.gatehouse.cli.output;

import java.io.PrintStream;
import java.time.Duration;

/** One line on a terminal that is written over, a few times a second; silent where nobody watches. */
public final class Progress implements AutoCloseable {

    private static final Duration PERIOD = Duration.ofMillis(200);
    private static final String ERASE = "\r\033[K";

    private final PrintStream err;
    private final boolean on;
    private long shownAt = System.nanoTime() - PERIOD.toNanos();
    private boolean shown;

    public Progress(Shell shell) {
        this.err = shell.err();
        this.on = shell.terminal();
    }

    public void show(String text) {
        long now = System.nanoTime();
        if (on && now - shownAt >= PERIOD.toNanos()) {
            err.print(ERASE + text);
            err.flush();
            shownAt = now;
            shown = true;
        }
    }

    @Override
    public void close() {
        if (shown) {
            err.print(ERASE);
            err.flush();
        }
    }
}
