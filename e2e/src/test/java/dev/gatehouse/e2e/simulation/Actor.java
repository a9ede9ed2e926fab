package dev.gatehouse.e2e.simulation;

/** A process: what it has planned happens only while it lives. */
abstract class Actor {

    final Clock clock;
    final String id;
    private long life;
    private boolean up;

    Actor(Clock clock, String id) {
        this.clock = clock;
        this.id = id;
    }

    boolean isUp() {
        return up;
    }

    long life() {
        return life;
    }

    boolean lives(long inLife) {
        return up && life == inLife;
    }

    void later(long nanos, Runnable action) {
        long planned = life;
        clock.after(nanos, () -> {
            if (lives(planned)) {
                action.run();
            }
        });
    }

    void every(long nanos, Runnable action) {
        later(nanos, () -> {
            action.run();
            every(nanos, action);
        });
    }

    final void start() {
        up = true;
        life++;
        clock.trace("%s starts", id);
        started();
    }

    final void crash() {
        clock.trace("%s dies", id);
        up = false;
        crashed();
    }

    abstract void started();

    abstract void crashed();

    @Override
    public String toString() {
        return id;
    }
}
