package dev.gatehouse.gateway.session;

import dev.gatehouse.gateway.splice.SessionGate;
import dev.gatehouse.protocol.message.CloseCode;
import java.util.UUID;
import java.util.function.BiConsumer;

/** One tunnel of a session through this gateway. Thread-safe. */
final class LiveTunnel implements SessionGate.Watch {

    private final LiveSession session;
    private final SessionGate.Asked asked;
    private final BiConsumer<CloseCode, String> cut;

    LiveTunnel(LiveSession session, SessionGate.Asked asked, BiConsumer<CloseCode, String> cut) {
        this.session = session;
        this.asked = asked;
        this.cut = cut;
    }

    SessionGate.Asked asked() {
        return asked;
    }

    void cut(String why) {
        cut.accept(CloseCode.CUT, why);
    }

    @Override
    public void relayed(boolean up, int bytes) {
        (up ? session.bytesUp : session.bytesDown).addAndGet(bytes);
    }

    @Override
    public void opened(UUID agentId) {
        session.opened(agentId);
    }

    @Override
    public void ended() {
        session.tunnels.remove(this);
    }
}
