package dev.gatehouse.standalone.fleet;

import dev.gatehouse.embedded.EmbeddedException;
import dev.gatehouse.embedded.EmbeddedServer;
import dev.gatehouse.standalone.home.Ready;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * One process of a fleet: what was asked of it and what it does. One that dies by itself is due to be started again after a pause; one that was stopped or killed by command, or that has left with status 0 because it was
 * drained, stays down.
 *
 * <p>Thread-safe. {@link #start()} blocks until the process takes requests, {@link #stop()} until it has ended; neither keeps {@link #kill()} from working.
 */
final class Part {

    /** What it does. */
    enum State {
        STARTING,
        RUNNING,
        PAUSED,
        STOPPING,
        STOPPED,
        /** Has died by itself, or did not start; is tried again. */
        DEAD;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final String name;
    private final String role;
    private final String statusUrl;
    private final EmbeddedServer server;
    private final Consumer<String> say;
    private final Backoff backoff = new Backoff();
    private State state = State.STOPPED;
    private long readyAt;
    private long dueAt;
    private boolean due;

    /**
     * A part that is down.
     *
     * @param statusUrl empty if it has none
     *
     * @param say told what happens by itself
     */
    Part(String name, String role, String statusUrl, EmbeddedServer server, Consumer<String> say) {
        this.name = name;
        this.role = role;
        this.statusUrl = statusUrl;
        this.server = server;
        this.say = say;
    }

    String name() {
        return name;
    }

    String role() {
        return role;
    }

    synchronized State state() {
        return state;
    }

    /** What others may know of it; the pid is 0 while it has none. */
    Ready.Running running() {
        return new Ready.Running(name, role, server.isRunning() ? server.pid() : 0, statusUrl);
    }

    /** Ends what a killed launcher has left. */
    void endLeftover() {
        server.endLeftover();
    }

    void start() throws FleetException {
        change("start", State.STARTING, State.STOPPED, State.DEAD);
        try {
            server.restart();
        } catch (EmbeddedException e) {
            failed();
            throw new FleetException(name + " has not started: " + e.getMessage(), e);
        }
        synchronized (this) {
            if (state == State.STARTING) {
                state = State.RUNNING;
                readyAt = System.nanoTime();
            }
        }
    }

    /** In order, within the process's own limit; also from a start or a pause. Does nothing to one that is down. */
    void stop() {
        boolean starting;
        synchronized (this) {
            starting = state == State.STARTING;
            if (state != State.STOPPED) {
                state = State.STOPPING;
            }
        }
        if (starting && server.isRunning()) {
            server.kill(); // a stop would wait for the end of the start
        }
        server.stop();
        ended();
    }

    /** SIGKILL. */
    void kill() throws FleetException {
        change("kill", State.STOPPED, State.STARTING, State.RUNNING, State.PAUSED, State.STOPPING);
        server.kill();
    }

    void pause() throws FleetException {
        change("pause", State.PAUSED, State.RUNNING);
        server.pause();
    }

    void resume() throws FleetException {
        change("resume", State.RUNNING, State.PAUSED);
        server.resume();
    }

    /** Takes note of an end that nobody asked for. Whether it is time to start it again: true once for each end. */
    synchronized boolean isDue(long nowNanos) {
        if ((state == State.RUNNING || state == State.PAUSED) && !server.isRunning()) {
            noteEnd(nowNanos);
        }
        boolean now = due && state == State.DEAD && nowNanos - dueAt >= 0;
        due = due && !now;
        return now;
    }

    private void noteEnd(long nowNanos) {
        OptionalInt status = server.exitStatus();
        if (status.isPresent() && status.getAsInt() == 0) {
            state = State.STOPPED;
            say.accept(name + " has left; `fleet start " + name + "` starts it again");
            return;
        }
        die(nowNanos, Duration.ofNanos(nowNanos - readyAt));
        say.accept(name + " has died" + (status.isPresent() ? " (status " + status.getAsInt() + ")" : "")
                + "; starting it again in " + Duration.ofNanos(dueAt - nowNanos).toSeconds() + " s");
    }

    private synchronized void failed() {
        if (state == State.STARTING) {
            die(System.nanoTime(), Duration.ZERO);
        }
    }

    private void die(long nowNanos, Duration lived) {
        Duration pause = backoff.died(lived);
        state = State.DEAD;
        dueAt = nowNanos + pause.toNanos();
        due = true;
    }

    private synchronized void ended() {
        state = State.STOPPED;
    }

    private synchronized void change(String what, State next, State... allowed) throws FleetException {
        for (State each : allowed) {
            if (state == each) {
                state = next;
                return;
            }
        }
        throw new FleetException("cannot " + what + " " + name + ": it is " + state.word());
    }
}
