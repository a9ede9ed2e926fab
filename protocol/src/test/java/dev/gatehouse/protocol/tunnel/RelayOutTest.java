package dev.gatehouse.protocol.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class RelayOutTest {

    private static final int KIB = 1024;

    private final WindowBudget budget = new WindowBudget(100 * KIB);

    @Test
    void grantsWhatTheEndTakesAndTheBudgetHas() throws ProtocolException {
        RelayOut one = new RelayOut(budget, 1000, 1000 + 80 * KIB);
        assertThat(one.granted()).isEqualTo(1000 + 80 * KIB);
        RelayOut two = new RelayOut(budget, 0, 80 * KIB);
        assertThat(two.granted()).as("a little, whatever the others hold").isEqualTo(RelayOut.LEAST);
        // WHEN what was granted has gone out and the end takes more
        one.add(Buffer.buffer(new byte[60 * KIB]));
        one.next();
        Window told = one.window(Window.of(1000 + 60 * KIB, 1000 + 200 * KIB));
        // THEN more is granted, never less than before
        assertThat(told.consumed()).isEqualTo(1000 + 60 * KIB);
        assertThat(told.limit()).isGreaterThan(1000 + 80 * KIB);
        one.close();
        two.close();
        assertThat(budget.used()).isZero();
    }

    @Test
    void passesProbesOnAndRefusesWhatWasNeverSent() throws ProtocolException {
        RelayOut out = new RelayOut(budget, 0, 10);
        assertThat(out.window(new Window(0, 10, 3, 4))).isEqualTo(new Window(0, 10, 3, 4));
        out.add(Buffer.buffer("ab"));
        out.next();
        assertThatThrownBy(() -> out.window(Window.of(3, 10))).hasMessage("consumed 3 of a tunnel; 2 were sent");
        out.add(Buffer.buffer());
        out.next();
        assertThat(out.window(Window.of(3, 10)).consumed()).as("the half-close").isEqualTo(3);
    }

    @Test
    void nothingComesBeyondWhatWasGranted() throws ProtocolException {
        RelayIn in = new RelayIn(5, 8);
        in.data(Buffer.buffer("abc"));
        assertThatThrownBy(() -> in.data(Buffer.buffer("d"))).hasMessage("DATA of 1 bytes on a tunnel; 0 are left");
        in.granted(9);
        in.granted(7);
        in.data(Buffer.buffer("d"));
        in.data(Buffer.buffer());
        assertThatThrownBy(() -> in.data(Buffer.buffer())).hasMessage("DATA after the half-close of its tunnel");
    }
}
