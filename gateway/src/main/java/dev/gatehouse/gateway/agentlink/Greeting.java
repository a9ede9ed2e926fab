package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.protocol.message.Backlog;
import dev.gatehouse.protocol.message.Hello;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.protocol.wire.ProtocolException;
import dev.gatehouse.shared.presence.Presence;
import java.util.Map;

/** A HELLO whose fields are within their limits. */
record Greeting(Claim claim, String version, Map<String, String> labels, boolean avoids, Presence.Spool spool) {

    /**
     * @param gatewayId this gateway, which the agent may want to avoid
     */
    static Greeting of(Hello hello, String gatewayId) throws ProtocolException {
        return new Greeting(
                new Claim(
                        Ids.uuid("HELLO.agent_id", hello.getAgentId()),
                        hello.getRun(),
                        Ids.uuid("HELLO.run_id", hello.getRunId()),
                        hello.getSlot(),
                        hello.getCounter()),
                hello.getVersion(),
                Map.copyOf(hello.getLabelsMap()),
                hello.getAvoidList().contains(gatewayId),
                spool(hello.getBacklog()));
    }

    /** What the agent says of its spool; shown only, so nonsense is bent rather than refused. */
    static Presence.Spool spool(Backlog backlog) {
        return new Presence.Spool(
                Math.max(0, backlog.getBytes()),
                Math.max(0, backlog.getChunks()),
                Math.max(0, backlog.getRefusedBytes()));
    }
}
