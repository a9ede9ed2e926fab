package dev.gatehouse.gateway.agentlink;

import com.google.protobuf.ByteString;
import dev.gatehouse.gateway.forward.LinkOutput;
import dev.gatehouse.gateway.forward.LinkStreams;
import dev.gatehouse.protocol.link.ControlFrame;
import dev.gatehouse.protocol.link.MessageLimits;
import dev.gatehouse.protocol.message.Challenge;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.GoAway;
import dev.gatehouse.protocol.message.Hello;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.message.Rewind;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.message.Welcome;
import dev.gatehouse.protocol.stream.Ack;
import dev.gatehouse.protocol.transport.Link;
import dev.gatehouse.protocol.transport.LinkEnd;
import dev.gatehouse.protocol.transport.LinkTunnels;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.protocol.wire.ProtocolException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One link of an agent, from its acceptance to its end. A little above 300 lines, as what an agent may say depends on one state. Confined to its host's context, but for {@link #close}. */
final class AgentLink implements LinkOutput, LinkRegistry.Handle {

    /** From the acceptance, the TLS handshake included, to HELLO. */
    static final Duration HELLO_LIMIT = Duration.ofSeconds(10);

    private static final int MINOR = 0;
    private static final Logger log = LoggerFactory.getLogger(AgentLink.class);

    private enum State {
        AWAITS_HELLO,
        REGISTERED,
        ENDED
    }

    private final LinkHost host;
    private final GatewayLinks gateway;
    private final Link link;
    private final long acceptedAt;
    private Identification identification; // null once it has served
    private State state = State.AWAITS_HELLO;
    private AgentIdentity identity;
    private Claim claim;
    private AgentFacts facts;
    private LinkStreams streams;
    private final LinkTunnels tunnels;
    private LinkOffers offers;
    private final Renewal renewal;

    AgentLink(LinkHost host, Link link, Identification identification, long acceptedAt) {
        this.host = host;
        this.gateway = host.gateway();
        this.link = link;
        this.identification = identification;
        this.acceptedAt = acceptedAt;
        this.renewal = new Renewal(gateway.custody(), link);
        this.tunnels = LinkTunnels.opening(link);
    }

    void start() {
        link.onDrain(tunnels::drained);
        link.start(this::frame, this::ended);
        identification
                .challenge()
                .ifPresent(nonce -> link.send(Control.newBuilder()
                        .setChallenge(Challenge.newBuilder().setNonce(ByteString.copyFrom(nonce.getBytes())))
                        .build()));
    }

    private void frame(Frame frame) throws ProtocolException {
        if (state == State.AWAITS_HELLO) {
            hello(frame);
            return;
        }
        switch (frame.type()) {
            case CHUNK -> {
                long now = System.nanoTime();
                facts.seen(now);
                host.chunk(streams, frame.channel(), frame.payload(), now);
            }
            case STREAM_OPEN -> open(frame);
            case CONTROL -> control(read(frame));
            case OPENED, DETACHED, CLOSE, DATA, WINDOW, OPEN, RESUME -> tunnels.received(frame);
            default ->
                throw new ProtocolException(ErrorCode.BAD_ORDER, frame.type() + " is not for an agent to send now");
        }
    }

    private void open(Frame frame) throws ProtocolException {
        StreamOpen open = MessageLimits.parse("STREAM_OPEN", StreamOpen.parser(), frame.payload());
        MessageLimits.check(open);
        host.open(streams, frame.channel(), Ids.uuid("STREAM_OPEN.stream_id", open.getStreamId()), frame.payload());
    }

    private void hello(Frame frame) throws ProtocolException {
        if (frame.type() != FrameType.CONTROL) {
            throw new ProtocolException(ErrorCode.BAD_ORDER, frame.type() + " before HELLO");
        }
        Control control = read(frame);
        if (!control.hasHello()) {
            throw new ProtocolException(ErrorCode.BAD_ORDER, control.getBodyCase() + " before HELLO");
        }
        register(control.getHello());
    }

    private void register(Hello hello) throws ProtocolException {
        Greeting greeting = Greeting.of(hello, gateway.node().id());
        identity = identification.identify(hello, gateway.agentsCa(), gateway.revocations());
        identification = null;
        claim = greeting.claim();
        if (!claim.agentId().equals(identity.agentId())) {
            throw new ProtocolException(
                    ErrorCode.NOT_ENROLLED,
                    "HELLO.agent_id " + claim.agentId() + "; the certificate is for " + identity.agentId());
        }
        if (gateway.draining().get()) {
            refuse(later(ErrorCode.DRAINING, "this gateway is leaving"));
            return;
        }
        if (greeting.avoids()) {
            refuse(LinkError.newBuilder()
                    .setCode(ErrorCode.AVOIDED)
                    .setDetail("this is gateway " + gateway.node().id())
                    .build());
            return;
        }
        if (!gateway.admission().beginLink()) {
            refuse(later(
                    ErrorCode.OVERLOADED,
                    "this gateway has its " + gateway.admission().maxLinks() + " links"));
            return;
        }
        facts = new AgentFacts(greeting, link.remoteAddress().hostAddress(), System.nanoTime());
        Optional<LinkError> refusal = gateway.registry().register(this, System.currentTimeMillis());
        if (refusal.isPresent()) {
            gateway.admission().endLink();
            facts = null;
            refuse(refusal.get().toBuilder()
                    .setRetryMillis(Admission.retryMillis(ThreadLocalRandom.current()))
                    .build());
            return;
        }
        state = State.REGISTERED;
        streams = host.registered(this, claim.agentId());
        offers = new LinkOffers(gateway, link, claim, hello.getName());
        welcome();
        log.debug("Agent {} is linked from {}, {}", claim.agentId(), link.remoteAddress(), claim);
    }

    private void welcome() {
        link.send(Control.newBuilder()
                .setWelcome(Welcome.newBuilder()
                        .setMinor(MINOR)
                        .setGatewayId(gateway.node().id())
                        .setVersion(gateway.node().version())
                        .setCaptureLimit(streams.captureLimit())
                        .addAllGateways(gateway.directory().all())
                        .setTime(System.currentTimeMillis() * 1000)
                        .setHeartbeatMillis((int)
                                gateway.node().settings().capture().heartbeat().toMillis()))
                .build());
    }

    private void control(Control control) throws ProtocolException {
        facts.seen(System.nanoTime());
        switch (control.getBodyCase()) {
            case HEARTBEAT -> {
                facts.spool(Greeting.spool(control.getHeartbeat().getBacklog()));
                offers.said(control.getHeartbeat());
            }
            case RESOURCES -> offers.said(control.getResources());
            case RENEW -> renewal.ask(claim.agentId(), control.getRenew());
            case ERROR ->
                log.info(
                        "Agent {} ends its link: {} {}",
                        claim.agentId(),
                        control.getError().getCode(),
                        control.getError().getDetail());
            case HELLO, CHALLENGE, WELCOME, POLICY, COMMAND, REWIND, RENEWED, REGISTERED ->
                throw new ProtocolException(
                        ErrorCode.BAD_ORDER, control.getBodyCase() + " is not for an agent to send now");
            case COMMAND_RESULT, GO_AWAY, BODY_NOT_SET -> {
                // of a later minor version, or nothing to do here
            }
        }
    }

    private static Control read(Frame frame) throws ProtocolException {
        Control control = ControlFrame.read(frame);
        MessageLimits.check(control);
        return control;
    }

    /** Whether its HELLO is still in time. */
    boolean mayWait(long now) {
        return now - acceptedAt < HELLO_LIMIT.toNanos();
    }

    /** HELLO did not come in time. */
    void tooLate() {
        if (state == State.AWAITS_HELLO) {
            refuse(LinkError.newBuilder()
                    .setCode(ErrorCode.SILENT)
                    .setDetail("no HELLO within " + HELLO_LIMIT.toSeconds() + " s")
                    .build());
        }
    }

    /** Closes a link whose agent or certificate has been revoked since. */
    void checkRevoked() {
        if (identity != null) {
            try {
                identity.checkNotRevoked(gateway.revocations());
            } catch (ProtocolException revoked) {
                close(LinkError.newBuilder()
                        .setCode(revoked.code())
                        .setDetail(revoked.getMessage())
                        .build());
            }
        }
    }

    /** The registered resources have changed. */
    void tellRegistered() {
        if (state == State.REGISTERED) {
            offers.registeredChanged();
        }
    }

    void goAway(String reason, int afterMillis) {
        link.send(Control.newBuilder()
                .setGoAway(GoAway.newBuilder().setReason(reason).setAfterMillis(afterMillis))
                .build());
    }

    @Override
    public void close(LinkError error) {
        link.context().runOnContext(now -> refuse(error));
    }

    private void refuse(LinkError error) {
        if (link.isOpen()) {
            link.close(error);
        }
    }

    static LinkError later(ErrorCode code, String detail) {
        return LinkError.newBuilder()
                .setCode(code)
                .setDetail(detail)
                .setRetryMillis(Admission.retryMillis(ThreadLocalRandom.current()))
                .build();
    }

    private void ended(LinkEnd end) {
        end.error().ifPresent(error -> gateway.metrics().closed(error.getCode()));
        if (state == State.REGISTERED) {
            offers.ended();
            gateway.registry().unregister(this);
            gateway.admission().endLink();
        }
        log.debug(
                "Link of {} from {} has ended: {} {}",
                claim == null ? "nobody" : claim.agentId(),
                link.remoteAddress(),
                end.cause(),
                end.detail());
        state = State.ENDED;
        tunnels.ended();
        host.ended(this, streams);
    }

    @Override
    public Claim claim() {
        return claim;
    }

    @Override
    public AgentFacts facts() {
        return facts;
    }

    @Override
    public LinkTunnels tunnels() {
        return tunnels;
    }

    // What the forwarder says ----------------------------------------------------------------------------------------

    @Override
    public void opened(int channel, StreamOpened answer) {
        link.send(Frame.of(FrameType.STREAM_OPENED, channel, answer));
    }

    @Override
    public void ack(int channel, Ack ack) {
        link.send(new Frame(FrameType.ACK, channel, ack.encode()));
    }

    @Override
    public void flush() {
        // the link sends what was said in one turn together
    }

    @Override
    public void rewind(String reason) {
        gateway.metrics().rewound();
        link.send(Control.newBuilder()
                .setRewind(Rewind.newBuilder().setReason(reason))
                .build());
    }
}
