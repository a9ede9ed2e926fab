package dev.gatehouse.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.wire.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaptureBudgetTest {

    private static final long MIB = 1024 * 1024;
    private static final int CHUNK = 64 * 1024;

    private final CaptureBudget budget = new CaptureBudget(64 * MIB);

    @Test
    void growsToTheLargestWindowWhileItIsUsed() throws ProtocolException {
        LinkWindow window = new LinkWindow(budget, 4 * MIB);
        saturate(window, 20);
        assertThat(window.limit() - 0).isGreaterThan(4 * MIB);
        assertThat(budget.used()).isEqualTo(4 * MIB - LinkWindow.FLOOR);
    }

    @Test
    void neverShrinksItsLimitAndGivesBackWhatItDoesNotUse() throws ProtocolException {
        // GIVEN a window that has grown
        LinkWindow window = new LinkWindow(budget, 4 * MIB);
        saturate(window, 20);
        // WHEN only a little is sent each second from now on
        for (int second = 0; second < 6_000; second++) {
            long before = window.limit();
            window.received(1_000);
            window.returned(1_000);
            window.quiet();
            assertThat(window.limit()).isGreaterThanOrEqualTo(before);
        }
        // THEN all of the budget is free again, and a chunk still fits
        assertThat(budget.used()).isZero();
        window.received(CHUNK);
    }

    @Test
    void closesALinkThatSendsMore() throws ProtocolException {
        LinkWindow window = new LinkWindow(new CaptureBudget(0), 4 * MIB);
        window.received(CHUNK);
        assertThatThrownBy(() -> window.received(1))
                .isInstanceOfSatisfying(
                        ProtocolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WINDOW_EXCEEDED))
                .hasMessage("CHUNK payloads of 65537 bytes on this link; 65536 are allowed so far");
    }

    @Test
    void withoutABudgetOneChunkIsAlwaysOnItsWay() throws ProtocolException {
        LinkWindow window = new LinkWindow(new CaptureBudget(0), 4 * MIB);
        for (int i = 0; i < 100; i++) {
            window.received(CHUNK);
            assertThat(window.returned(CHUNK)).isTrue();
        }
    }

    @Test
    void greedyLinksLeaveRoomForThoseWhoComeLater() throws ProtocolException {
        // GIVEN more greedy links than the budget has windows for
        List<LinkWindow> greedy = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            greedy.add(new LinkWindow(budget, 4 * MIB));
        }
        for (int round = 0; round < 200; round++) {
            for (LinkWindow window : greedy) {
                saturate(window, 1);
            }
        }
        // WHEN another comes
        LinkWindow late = new LinkWindow(budget, 4 * MIB);
        for (int round = 0; round < 400; round++) {
            saturate(late, 1);
            for (LinkWindow window : greedy) {
                saturate(window, 1);
            }
        }
        // THEN it gets about what each of them has
        long has = held(late);
        assertThat(has).isGreaterThan(held(greedy.getFirst()) / 2).isGreaterThan(256 * 1024);
        assertThat(budget.used()).isLessThanOrEqualTo(64 * MIB);
        // AND all comes back at the end
        late.release();
        greedy.forEach(LinkWindow::release);
        assertThat(budget.used()).isZero();
    }

    /** Sends all that is allowed, then has it become durable, that often. */
    private static void saturate(LinkWindow window, int rounds) throws ProtocolException {
        for (int i = 0; i < rounds; i++) {
            while (window.onTheWay() + CHUNK <= windowOf(window)) {
                window.received(CHUNK);
            }
            window.returned(window.onTheWay());
        }
    }

    private static long windowOf(LinkWindow window) {
        return window.limit() - window.durable();
    }

    private static long held(LinkWindow window) {
        return windowOf(window) - LinkWindow.FLOOR;
    }
}
