package dev.gatehouse.gateway.session;

import dev.gatehouse.gateway.splice.SessionGate;
import dev.gatehouse.protocol.message.CloseCode;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;

/** One tunnel of a session through this gateway. Thread-safe. */
final class LiveTunnel implements SessionGate.Watch {

    private final LiveSession session;
    private volatile SessionGate.Asked asked;
    private final BiConsumer<CloseCode, String> cut;

    LiveTunnel(LiveSession session, SessionGate.Asked asked, BiConsumer<CloseCode, String> cut) {
        this.session = session;
        this.asked = asked;
        this.cut = cut;
    }

    /** With the agent that has opened it, once one has. */
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
        asked = new SessionGate.Asked(
                asked.session(), asked.user(), asked.resource(), Optional.of(agentId), asked.resume());
        session.opened(agentId);
    }

    @Override
    public void ended() {
        session.tunnels.remove(this);
    }
}
