package dev.gatehouse.agent.uplink;

import dev.gatehouse.agent.uplink.LinkSlot.State;
import java.util.OptionalInt;

/**
 * Which of the two slots may dial now. One at a time, or both might end at one gateway; the second also while the first waits, as its gateway could not be reached so often, but not while the first was told to wait: then
 * the agent was.
 *
 * <p>Pure.
 */
final class DialTurn {

    private DialTurn() {}

    /**
     * @param told whether the first slot waits because it was told to
     * @param besideWanted whether a link beside one that is up is looked for now
     */
    static OptionalInt slot(State first, boolean told, State second, boolean besideWanted) {
        boolean dialling = first == State.DIALING || second == State.DIALING;
        boolean up = first == State.UP || second == State.UP;
        if (dialling || (up && !besideWanted)) {
            return OptionalInt.empty();
        }
        if (first == State.IDLE) {
            return OptionalInt.of(0);
        }
        return second == State.IDLE && !told ? OptionalInt.of(1) : OptionalInt.empty();
    }
}
