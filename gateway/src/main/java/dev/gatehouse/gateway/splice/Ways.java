package dev.gatehouse.gateway.splice;

import dev.gatehouse.protocol.transport.LinkTunnels;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** How agents are reached. Thread-safe; what is returned belongs to its link's context. */
public interface Ways {

    /** The agent's link here, if it has one. */
    Optional<LinkTunnels> here(UUID agentId);

    /** Other gateways that the agent is linked to. */
    List<String> elsewhere(UUID agentId);

    /** A link to another gateway, dialled if there is none. */
    Future<LinkTunnels> to(String gatewayId);
}
