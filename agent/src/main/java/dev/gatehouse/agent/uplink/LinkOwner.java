package dev.gatehouse.agent.uplink;

import dev.gatehouse.protocol.link.FromGateway;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.message.Welcome;
import dev.gatehouse.protocol.transport.Dial;
import dev.gatehouse.protocol.transport.Link;
import dev.gatehouse.protocol.transport.LinkTunnels;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** Who uses the agent's links, as a {@link LinkSlot} sees it. Called on the links' context. */
interface LinkOwner {

    /** The HELLO for a new link of the slot. */
    Control hello(int slot, Optional<Buffer> nonce);

    Dial dial();

    /** Gateway of the other link, if that is up. */
    Optional<String> avoid(int slot);

    void up(LinkSlot slot, Welcome welcome);

    void received(LinkSlot slot, FromGateway frame);

    /** What the gateway opens over a link that is up. */
    LinkTunnels tunnels(Link link);

    /** The slot's link has room again. */
    void drained(LinkSlot slot);

    void down(LinkSlot slot);

    /** @return what must be done before the next dial */
    Future<Void> refused(LinkError error);

    /** Before the {@code failures}-th attempt after links that ended before WELCOME. */
    Future<Void> suspicious(int failures);

    Control resources();

    Control heartbeat();
}
