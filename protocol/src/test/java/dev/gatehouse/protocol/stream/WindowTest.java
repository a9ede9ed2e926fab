package dev.gatehouse.protocol.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.wire.ProtocolException;
import org.junit.jupiter.api.Test;

class WindowTest {

    @Test
    void anAgentSendsUpToTheLimitAndNoFurther() {
        SendWindow window = new SendWindow(100);
        assertThat(window.allows(100)).isTrue();
        window.sent(60);
        assertThat(window.allows(41)).isFalse();
        window.sent(40);
        assertThat(window.left()).isZero();
        assertThat(window.allows(1)).isFalse();
        assertThatThrownBy(() -> window.sent(1)).hasMessage("CHUNK of 1 bytes; 0 are left in the window");
        window.raise(90); // never shrinks
        window.raise(130);
        assertThat(window.left()).isEqualTo(30);
    }

    @Test
    void aGatewayHoldsNoMoreThanItGranted() throws ProtocolException {
        ReceiveWindow window = new ReceiveWindow(100);
        window.received(100);
        assertThat(window.held()).isEqualTo(100);
        assertThatThrownBy(() -> window.received(1))
                .hasMessage("101 bytes of CHUNKs on this link; at most 100 are granted so far")
                .extracting(e -> ((ProtocolException) e).code())
                .isEqualTo(ErrorCode.WINDOW_EXCEEDED);
    }

    @Test
    void theLimitRisesInStepsAsBytesAreSettled() throws ProtocolException {
        ReceiveWindow window = new ReceiveWindow(1000);
        window.received(200);
        window.settled(200);
        assertThat(window.raise(1000)).as("not worth telling").isEmpty();
        window.received(100);
        window.settled(100);
        assertThat(window.raise(1000)).hasValue(1300);
        assertThat(window.limit()).isEqualTo(1300);
        assertThat(window.promised()).isEqualTo(1000);
    }

    @Test
    void aSmallerWindowWorksAsTheAgentUsesUpWhatItHas() throws ProtocolException {
        // GIVEN a window of 1000, all promised
        ReceiveWindow window = new ReceiveWindow(1000);
        // WHEN only 100 may be unsettled from now on
        window.received(850);
        window.settled(850);
        assertThat(window.raise(100)).isEmpty();
        window.received(100);
        window.settled(100);
        // THEN the limit rises again only when less than that is promised
        assertThat(window.raise(100)).hasValue(1050);
        window.received(100);
        assertThat(window.raise(0)).as("0: send no CHUNK").isEmpty();
        assertThat(window.limit()).isEqualTo(1050);
    }

    @Test
    void onlyWhatWasReceivedIsSettled() {
        assertThatThrownBy(() -> new ReceiveWindow(10).settled(1)).hasMessage("1 bytes settled; only 0 were received");
    }
}
