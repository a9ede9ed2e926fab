package dev.gatehouse.gateway;

import dev.gatehouse.gateway.agentlink.AgentLinks;
import dev.gatehouse.gateway.peer.Peers;
import dev.gatehouse.gateway.splice.Ways;
import dev.gatehouse.protocol.transport.LinkTunnels;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The links of agents and of other gateways, as ways for tunnels. Thread-safe. */
record AgentWays(AgentLinks links, Peers peers) implements Ways {

    @Override
    public Optional<LinkTunnels> here(UUID agentId) {
        return links.tunnels(agentId);
    }

    @Override
    public List<String> elsewhere(UUID agentId) {
        return links.elsewhere(agentId);
    }

    @Override
    public Future<LinkTunnels> to(String gatewayId) {
        return peers.to(gatewayId);
    }
}
