package dev.gatehouse.agent.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.agent.uplink.LinkSlot.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DialTurnTest {

    @Test
    void aSlotThatWaitsOrLeavesDoesNotKeepTheOtherFromDialling() {
        assertThat(DialTurn.slot(State.WAITING, false, State.IDLE, true)).hasValue(1);
        assertThat(DialTurn.slot(State.LEAVING, false, State.IDLE, true)).hasValue(1);
        assertThat(DialTurn.slot(State.IDLE, false, State.WAITING, true)).hasValue(0);
        assertThat(DialTurn.slot(State.IDLE, false, State.LEAVING, true)).hasValue(0);
        assertThat(DialTurn.slot(State.IDLE, false, State.IDLE, true)).hasValue(0);
    }

    @Test
    void whatTheFirstWasToldCountsForTheSecond() {
        assertThat(DialTurn.slot(State.WAITING, true, State.IDLE, true)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void nobodyDialsWhileOneDoes(State other) {
        assertThat(DialTurn.slot(State.DIALING, false, other, true)).isEmpty();
        assertThat(DialTurn.slot(other, false, State.DIALING, true)).isEmpty();
    }

    @Test
    void besideALinkThatIsUpTheOtherDialsWhenItIsWanted() {
        assertThat(DialTurn.slot(State.UP, false, State.IDLE, true)).hasValue(1);
        assertThat(DialTurn.slot(State.IDLE, false, State.UP, true)).hasValue(0);
        assertThat(DialTurn.slot(State.UP, false, State.IDLE, false)).isEmpty();
        assertThat(DialTurn.slot(State.IDLE, false, State.UP, false)).isEmpty();
        assertThat(DialTurn.slot(State.UP, false, State.UP, true)).isEmpty();
        assertThat(DialTurn.slot(State.UP, false, State.WAITING, true)).isEmpty();
    }
}
