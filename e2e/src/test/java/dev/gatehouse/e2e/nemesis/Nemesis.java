package dev.gatehouse.e2e.nemesis;

import java.time.Duration;
import java.util.Locale;

/**
 * One thing that goes wrong with a fleet, and is put right again.
 *
 * @param target a process of the fleet, or a way between two by the name of its relay
 * @param at since the schedule's begin
 * @param lasts until it is put right
 */
record Nemesis(Kind kind, String target, Duration at, Duration lasts) {

    /** What goes wrong. */
    enum Kind {
        /** SIGKILL by command; stays down until it is started again. */
        KILL,
        /** SIGKILL by nobody's command; the fleet starts it again. */
        DIE,
        /** SIGSTOP, for services longer than others wait for a silent member. */
        FREEZE,
        /** Nothing is carried either way, and nobody is told. */
        CUT,
        /** Nothing is carried towards the server. */
        CUT_THERE,
        /** Nothing is carried back from the server. */
        CUT_BACK,
        /** Each piece is held back for a time. */
        SLOW;

        boolean ofWay() {
            return this == CUT || this == CUT_THERE || this == CUT_BACK || this == SLOW;
        }
    }

    Duration ends() {
        return at.plus(lasts);
    }

    @Override
    public String toString() {
        return "%6.1f s  %s %s for %.1f s"
                .formatted(
                        at.toMillis() / 1e3,
                        kind.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        target,
                        lasts.toMillis() / 1e3);
    }
}
