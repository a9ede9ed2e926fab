package dev.gatehouse.agent.uplink;

import com.google.protobuf.ByteString;
import dev.gatehouse.agent.enrol.Identity;
import dev.gatehouse.agent.enrol.RunNumber;
import dev.gatehouse.agent.resource.ResourceVerticle;
import dev.gatehouse.agent.settings.AgentSettings;
import dev.gatehouse.agent.spool.Spool;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.identity.Signatures;
import dev.gatehouse.protocol.message.Backlog;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.Heartbeat;
import dev.gatehouse.protocol.message.Hello;
import dev.gatehouse.protocol.wire.Ids;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the agent says of itself to gateways: who it is, how it is, what it offers. Confined to the links' context. */
final class Introduction {

    private final AgentSettings settings;
    private final ResourceVerticle resources;
    private final Spool spool;
    private final RunNumber run;
    private final String version;
    private long counter;

    Introduction(AgentSettings settings, ResourceVerticle resources, Spool spool, RunNumber run, String version) {
        this.settings = settings;
        this.resources = resources;
        this.spool = spool;
        this.run = run;
        this.version = version;
    }

    /**
     * HELLO of a new link.
     *
     * @param avoid gateway of the other link
     * @param nonce what a WebSocket link's gateway wants signed
     */
    Control hello(Identity identity, int slot, Optional<String> avoid, Optional<Buffer> nonce) {
        Hello.Builder hello = Hello.newBuilder()
                .setMinor(0)
                .setAgentId(Ids.bytes(identity.agentId()))
                .setName(identity.name())
                .setVersion(version)
                .putAllLabels(labels(identity))
                .setRun(run.number())
                .setRunId(Ids.bytes(run.id()))
                .setSlot(slot)
                .setCounter(++counter)
                .setBacklog(backlog());
        avoid.ifPresent(hello::addAvoid);
        nonce.ifPresent(challenge -> hello.setCertificate(ByteString.copyFrom(Pem.der(identity.certificate())))
                .setSignature(ByteString.copyFrom(
                        Signatures.link(identity.key(), challenge).getBytes())));
        return Control.newBuilder().setHello(hello).build();
    }

    private Map<String, String> labels(Identity identity) {
        Map<String, String> labels = new TreeMap<>(settings.labels());
        labels.putAll(identity.labels()); // those of the join token are the deployment's word
        return labels;
    }

    Control resources() {
        return Control.newBuilder().setResources(resources.message()).build();
    }

    Control heartbeat() {
        return Control.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder()
                        .setTime(System.currentTimeMillis() * 1000)
                        .setBacklog(backlog())
                        .addAllHealth(resources.health()))
                .build();
    }

    private Backlog backlog() {
        Spool.State state = spool.state();
        return Backlog.newBuilder()
                .setBytes(state.bytes())
                .setChunks(state.chunks())
                .setRefusedBytes(state.refusedBytes())
                .build();
    }
}
