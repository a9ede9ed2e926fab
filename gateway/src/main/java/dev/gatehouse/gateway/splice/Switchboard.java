package dev.gatehouse.gateway.splice;

import com.google.protobuf.MessageLite;
import dev.gatehouse.gateway.splice.Replicas.Candidate;
import dev.gatehouse.protocol.message.CloseCode;
import dev.gatehouse.protocol.message.Open;
import dev.gatehouse.protocol.message.Opened;
import dev.gatehouse.protocol.message.Resume;
import dev.gatehouse.protocol.transport.LinkTunnels;
import dev.gatehouse.protocol.tunnel.TunnelLimits;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.protocol.wire.ProtocolException;
import dev.gatehouse.shared.people.SignIns.SignIn;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** Takes the tunnels that users and other gateways ask for, and finds each its way to an agent. Thread-safe; each call on the context of its link. */
public final class Switchboard {

    private final Vertx vertx;
    private final String self;
    private final Ways ways;
    private final Replicas replicas;
    private final SessionGate sessions;
    private final SpliceMetrics metrics;
    private final Duration idle;
    private final Duration longest;

    /** @param idle and {@code longest} bound each tunnel; its agent keeps to them, so that they hold across gateways */
    public Switchboard(
            Vertx vertx,
            String self,
            Ways ways,
            Replicas replicas,
            SessionGate sessions,
            SpliceMetrics metrics,
            Duration idle,
            Duration longest) {
        this.vertx = vertx;
        this.self = self;
        this.ways = ways;
        this.replicas = replicas;
        this.sessions = sessions;
        this.metrics = metrics;
        this.idle = idle;
        this.longest = longest;
    }

    /**
     * OPEN or RESUME of a user.
     *
     * @param session that the user's tool has named
     */
    public void fromUser(LinkTunnels link, int channel, Frame frame, SignIn user, UUID session)
            throws ProtocolException {
        if (frame.type() == FrameType.OPEN) {
            Open open = TunnelLimits.open(frame.payload()).toBuilder()
                    .setUser(user.name())
                    .setIdleMillis((int) Math.min(idle.toMillis(), Integer.MAX_VALUE))
                    .setLongestMillis(longest.toMillis())
                    .build();
            SessionGate.Asked asked = new SessionGate.Asked(session, user, open.getResource(), named(open), false);
            if (refused(link, channel, asked)) {
                return;
            }
            switch (replicas.find(open.getResource(), named(open), open.getAffinity(), user)) {
                case Replicas.Refusal refusal -> refuse(link, channel, refusal);
                case Replicas.Candidates found ->
                    watched(
                            link,
                            channel,
                            new OpenMessage(open, this::withAffinity),
                            open.getLimit(),
                            found::inOrder,
                            asked);
            }
        } else {
            Resume resume = TunnelLimits.resume(frame.payload()).toBuilder()
                    .setUser(user.name())
                    .build();
            UUID agent = Ids.uuid("RESUME.agent_id", resume.getAgentId());
            SessionGate.Asked asked =
                    new SessionGate.Asked(session, user, resume.getResource(), Optional.of(agent), true);
            if (!refused(link, channel, asked)) {
                watched(link, channel, new ResumeMessage(resume), resume.getLimit(), () -> linked(agent), asked);
            }
        }
    }

    private boolean refused(LinkTunnels link, int channel, SessionGate.Asked asked) {
        Optional<Replicas.Refusal> refusal = sessions.refusal(asked);
        refusal.ifPresent(why -> refuse(link, channel, why));
        return refusal.isPresent();
    }

    private void refuse(LinkTunnels link, int channel, Replicas.Refusal refusal) {
        metrics.refused(refusal.code());
        link.close(channel, refusal.code(), refusal.detail());
    }

    /** Begins, and tells the session of it. */
    private void watched(
            LinkTunnels link,
            int channel,
            Opening.Message message,
            long userLimit,
            Supplier<List<Candidate>> candidates,
            SessionGate.Asked asked) {
        Opening[] opening = new Opening[1]; // it is cut by whom it tells
        SessionGate.Watch watch = sessions.begin(
                asked, (code, detail) -> link.link().context().runOnContext(now -> opening[0].cut(code, detail)));
        opening[0] = new Opening(
                vertx,
                self,
                ways,
                metrics,
                new Counted(asked.resource(), watch),
                link,
                channel,
                message,
                userLimit,
                candidates);
        opening[0].begin();
    }

    /** Tells metrics, session and choice of one tunnel. */
    private final class Counted implements Traffic {

        private final String resource;
        private final SessionGate.Watch watch;
        private final AtomicReference<UUID> open = new AtomicReference<>(); // the agent, while it is

        Counted(String resource, SessionGate.Watch watch) {
            this.resource = resource;
            this.watch = watch;
        }

        @Override
        public void relayed(boolean up, int bytes) {
            metrics.relayed(up, bytes);
            watch.relayed(up, bytes);
        }

        @Override
        public void failed(UUID agentId, String reason) {
            replicas.failed(resource, agentId, reason);
        }

        @Override
        public void opened(UUID agentId) {
            if (open.compareAndSet(null, agentId)) {
                replicas.opened(resource, agentId);
            }
            watch.opened(agentId);
        }

        @Override
        public void ended() {
            UUID agent = open.getAndSet(null);
            if (agent != null) {
                replicas.closed(resource, agent);
            }
            watch.ended();
        }
    }

    /** OPEN or RESUME of a user of another gateway, which has decided that the user may: only agents that are linked here. */
    public void fromPeer(LinkTunnels link, int channel, Frame frame) throws ProtocolException {
        if (frame.type() == FrameType.OPEN) {
            Open open = TunnelLimits.open(frame.payload());
            List<UUID> agents = named(open).map(List::of).orElseGet(() -> replicas.here(open.getResource()));
            if (agents.isEmpty()) {
                link.close(channel, CloseCode.UNKNOWN_RESOURCE, "no agent of this gateway offers it");
                return;
            }
            begin(
                    link,
                    channel,
                    new OpenMessage(open, (resource, opened) -> opened),
                    open.getLimit(),
                    () -> own(agents));
        } else {
            Resume resume = TunnelLimits.resume(frame.payload());
            UUID agent = Ids.uuid("RESUME.agent_id", resume.getAgentId());
            if (ways.here(agent).isEmpty()) {
                link.close(channel, CloseCode.AGENT_OFFLINE, "the agent is not linked here");
                return;
            }
            begin(link, channel, new ResumeMessage(resume), resume.getLimit(), () -> own(List.of(agent)));
        }
    }

    private void begin(
            LinkTunnels link,
            int channel,
            Opening.Message message,
            long userLimit,
            Supplier<List<Candidate>> candidates) {
        new Opening(vertx, self, ways, metrics, metrics, link, channel, message, userLimit, candidates).begin();
    }

    private static Optional<UUID> named(Open open) throws ProtocolException {
        return open.getAgentId().isEmpty()
                ? Optional.empty()
                : Optional.of(Ids.uuid("OPEN.agent_id", open.getAgentId()));
    }

    private List<Candidate> own(List<UUID> agents) {
        return agents.stream()
                .filter(agent -> ways.here(agent).isPresent())
                .map(agent -> new Candidate(Optional.of(agent), self))
                .toList();
    }

    private List<Candidate> linked(UUID agent) {
        List<Candidate> all = new ArrayList<>(own(List.of(agent)));
        ways.elsewhere(agent).forEach(gateway -> all.add(new Candidate(Optional.of(agent), gateway)));
        return all;
    }

    private Opened withAffinity(String resource, Opened opened) {
        ByteBuffer agent = opened.getAgentId().asReadOnlyByteBuffer(); // checked when it came
        return opened.toBuilder()
                .setAffinity(replicas.affinity(resource, new UUID(agent.getLong(), agent.getLong())))
                .build();
    }

    /** @param answer to the user's end, by the resource */
    private record OpenMessage(Open open, BiFunction<String, Opened, Opened> answer) implements Opening.Message {

        @Override
        public Opened answer(Opened opened) {
            return answer.apply(open.getResource(), opened);
        }

        @Override
        public FrameType type() {
            return FrameType.OPEN;
        }

        @Override
        public MessageLite to(Candidate candidate, long limit) {
            Open.Builder message = open.toBuilder().setLimit(limit).clearAgentId();
            candidate.agentId().ifPresent(agent -> message.setAgentId(Ids.bytes(agent)));
            return message.build();
        }

        @Override
        public long consumed() {
            return 0;
        }
    }

    private record ResumeMessage(Resume resume) implements Opening.Message {

        @Override
        public FrameType type() {
            return FrameType.RESUME;
        }

        @Override
        public MessageLite to(Candidate candidate, long limit) {
            return resume.toBuilder().setLimit(limit).build();
        }

        @Override
        public long consumed() {
            return resume.getConsumed();
        }
    }
}
