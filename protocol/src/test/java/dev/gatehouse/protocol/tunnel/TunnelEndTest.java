package dev.gatehouse.protocol.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class TunnelEndTest {

    private static final int MOST = 64 * 1024;

    private final TunnelEnd end = new TunnelEnd(new WindowBudget(WindowBudget.LINK));

    @Test
    void sendsUpToTheLimitAndAgainFromWhatWasTakenOver() throws ProtocolException {
        // GIVEN ten bytes and the half-close, of which six may be sent
        end.write(Buffer.buffer("0123456789"));
        end.finish();
        end.attach(0, 6);
        assertThat(end.next(4)).hasValue(Buffer.buffer("0123"));
        assertThat(end.next(MOST)).hasValue(Buffer.buffer("45"));
        assertThat(end.next(MOST)).isEmpty();
        // WHEN the way is lost after three of them THEN the next way begins behind those
        end.window(Window.of(2, 6), 0);
        end.detach();
        assertThat(end.hasNext()).isFalse();
        end.attach(3, 5);
        assertThat(end.next(MOST)).hasValue(Buffer.buffer("3"));
        assertThat(end.next(MOST)).hasValue(Buffer.buffer("4"));
        assertThat(end.next(MOST)).as("the new way's limit is lower").isEmpty();
        end.window(Window.of(5, 100), 0);
        assertThat(end.next(MOST)).hasValue(Buffer.buffer("5"));
        assertThat(end.next(MOST)).hasValue(Buffer.buffer("6789"));
        assertThat(end.next(MOST)).as("the half-close").hasValue(Buffer.buffer());
        assertThat(end.next(MOST)).isEmpty();
        // AND the half-close is sent again like a byte
        end.detach();
        end.attach(10, 10);
        assertThat(end.next(MOST)).as("the half-close needs no room").hasValue(Buffer.buffer());
    }

    @Test
    void isDoneWhenBothDirectionsAreTakenOver() throws ProtocolException {
        end.attach(0, 10);
        end.write(Buffer.buffer("x"));
        end.finish();
        end.next(MOST);
        end.next(MOST);
        end.data(Buffer.buffer());
        assertThat(end.isDelivered()).isTrue();
        end.window(Window.of(1, 10), 0);
        assertThat(end.isDone()).as("the half-close is not confirmed").isFalse();
        end.window(Window.of(2, 10), 0);
        assertThat(end.isDone()).isTrue();
    }

    @Test
    void tellsTheHalfCloseAtOnceAndOnce() throws ProtocolException {
        end.attach(0, 0);
        end.data(Buffer.buffer("abc"));
        assertThat(end.tell(0)).as("three bytes are not worth a frame").isEmpty();
        end.data(Buffer.buffer());
        assertThat(end.tell(0).orElseThrow().consumed()).isEqualTo(4);
        assertThat(end.tell(0)).isEmpty();
    }

    @Test
    void answersAProbeAtOnce() throws ProtocolException {
        end.attach(0, 0);
        end.window(new Window(0, 0, 7, 0), 0);
        assertThat(end.tell(0).orElseThrow().echo()).isEqualTo(7);
        assertThat(end.tell(0)).isEmpty();
    }

    @Test
    void aProbeThatWasLostIsSentAnewOnTheNextWay() throws ProtocolException {
        end.attach(0, 0);
        end.data(Buffer.buffer(new byte[MOST]));
        assertThat(end.tell(0).orElseThrow().probe()).isEqualTo(1);
        end.data(Buffer.buffer(new byte[MOST]));
        assertThat(end.tell(0).orElseThrow().probe()).as("one at a time").isZero();
        end.detach();
        end.attach(0, 0);
        end.data(Buffer.buffer(new byte[MOST]));
        assertThat(end.tell(0).orElseThrow().probe()).isEqualTo(2);
    }

    @Test
    void refusesWhatTheOtherEndMayNotSay() throws ProtocolException {
        end.attach(0, 100);
        end.write(Buffer.buffer("abc"));
        end.next(MOST);
        refuses(ErrorCode.BAD_MESSAGE, "consumed 4 of a tunnel; 3 were sent", () -> end.window(Window.of(4, 100), 0));
        end.window(Window.of(2, 100), 0);
        refuses(ErrorCode.BAD_MESSAGE, "consumed 1 of a tunnel; 2 was said before", () -> end.attach(1, 100));
        long limit = end.limit();
        Buffer much = Buffer.buffer(new byte[MOST]);
        for (long sent = 0; sent < limit; sent += MOST) {
            end.data(much);
        }
        refuses(
                ErrorCode.WINDOW_EXCEEDED,
                "DATA of 1 bytes on a tunnel; 0 are left",
                () -> end.data(Buffer.buffer("x")));
        end.data(Buffer.buffer());
        refuses(ErrorCode.BAD_ORDER, "DATA after the half-close of its tunnel", () -> end.data(Buffer.buffer()));
    }

    private interface Step {
        void run() throws ProtocolException;
    }

    private static void refuses(ErrorCode code, String message, Step step) {
        assertThatThrownBy(step::run)
                .isInstanceOf(ProtocolException.class)
                .hasMessage(message)
                .extracting(e -> ((ProtocolException) e).code())
                .isEqualTo(code);
    }
}
