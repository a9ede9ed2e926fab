package dev.gatehouse.protocol.conformance;

import dev.gatehouse.protocol.identity.Csr;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.link.ControlFrame;
import dev.gatehouse.protocol.link.MessageLimits;
import dev.gatehouse.protocol.link.Newest;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.Hello;
import dev.gatehouse.protocol.message.Rewind;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.protocol.message.Welcome;
import dev.gatehouse.protocol.stream.Ack;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.transport.Link;
import dev.gatehouse.protocol.transport.TestGateway;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A gateway and a worker in one screen, in memory: enough to hold an agent's side of the protocol against. Rewinds once, keeps a small window, acknowledges late. */
final class SmallGateway {

    private static final int WINDOW = 32 * 1024;
    private static final int ACK_EVERY = 7;

    volatile Map<Long, Chunk> stored = new ConcurrentSkipListMap<>(); // of the stream opened last
    final Map<UUID, Hello> hellos = new ConcurrentHashMap<>();
    private final Newest<Link> newest = new Newest<>();
    private final TestGateway servers;
    private boolean rewound;
    private UUID stream;

    /** On the second opening: another stream of so many chunks is stored under the same name. */
    volatile int foreign;

    private int openings;

    SmallGateway(TestGateway servers) {
        this.servers = servers;
    }

    void accept(Link link) {
        Agent agent = new Agent();
        link.start(frame -> handle(link, agent, frame), ended -> newest.leave(link));
    }

    /** What was granted to an agent on one link, and what it has open. */
    private static final class Agent {
        boolean greeted;
        int channel;
        boolean open;
        long received;
        long limit = WINDOW;
    }

    private void handle(Link link, Agent agent, Frame frame) throws ProtocolException {
        switch (frame.type()) {
            case CONTROL -> {
                Control control = ControlFrame.read(frame);
                MessageLimits.check(control);
                if (control.hasHello() == agent.greeted) {
                    throw new ProtocolException("HELLO must come first and once");
                }
                if (control.hasHello()) {
                    agent.greeted = true;
                    welcome(link, control.getHello());
                }
            }
            case STREAM_OPEN -> {
                StreamOpen asked = MessageLimits.parse("STREAM_OPEN", StreamOpen.parser(), frame.payload());
                MessageLimits.check(asked);
                if (frame.channel() <= agent.channel) {
                    throw new ProtocolException("channel " + frame.channel() + " after " + agent.channel);
                }
                agent.channel = frame.channel();
                agent.open = true;
                link.send(Frame.of(FrameType.STREAM_OPENED, frame.channel(), opened(asked)));
            }
            case CHUNK -> {
                agent.received += frame.payload().length();
                if (agent.received > agent.limit || frame.channel() > agent.channel) {
                    throw new ProtocolException(agent.received + " bytes on channel " + frame.channel() + "; up to "
                            + agent.limit + " on " + agent.channel + " are allowed");
                }
                if (agent.open && frame.channel() == agent.channel) {
                    take(link, agent, frame);
                } else {
                    ack(link, agent, 0, 0); // it was on its way when its channel was closed
                }
            }
            default -> throw new ProtocolException(frame.type() + " is not for an agent to send");
        }
    }

    private StreamOpened opened(StreamOpen asked) throws ProtocolException {
        UUID id = Ids.uuid("STREAM_OPEN.stream_id", asked.getStreamId());
        if (!id.equals(stream)) {
            stream = id;
            stored = new ConcurrentSkipListMap<>();
        }
        StreamOpened.Builder answer =
                StreamOpened.newBuilder().setState(StreamState.OPEN_FOR_CHUNKS).setNext(stored.size());
        if (++openings == 2 && foreign > 0) {
            return answer.setNext(foreign).setLastCrc(1).build();
        }
        if (!stored.isEmpty()) {
            answer.setLastCrc(Chunk.crc(stored.get(stored.size() - 1L).encode()));
        }
        return answer.build();
    }

    private void welcome(Link link, Hello hello) throws ProtocolException {
        Newest.Claim claim = new Newest.Claim(
                hello.getRun(), Ids.uuid("HELLO.run_id", hello.getRunId()), hello.getSlot(), hello.getCounter());
        if (!(newest.claim(claim, link) instanceof Newest.Outcome.Register<Link>)) {
            throw new ProtocolException("claim refused: " + claim);
        }
        hellos.put(Ids.uuid("HELLO.agent_id", hello.getAgentId()), hello);
        link.send(Control.newBuilder()
                .setWelcome(Welcome.newBuilder()
                        .setGatewayId("small")
                        .setCaptureLimit(WINDOW)
                        .setHeartbeatMillis(200))
                .build());
    }

    private void take(Link link, Agent agent, Frame frame) throws ProtocolException {
        if (!rewound && stored.size() == 600) {
            rewound = true;
            agent.open = false;
            link.send(Control.newBuilder()
                    .setRewind(Rewind.newBuilder().setReason("test"))
                    .build());
            return;
        }
        Buffer payload = frame.payload();
        long sequence = Chunk.sequence(payload);
        if (sequence != stored.size() || !Chunk.crcMatches(payload)) {
            throw new ProtocolException("chunk " + sequence + "; " + stored.size() + " is next");
        }
        stored.put(sequence, Chunk.decode(payload));
        if (Chunk.isFin(payload) || stored.size() % ACK_EVERY == 0) {
            ack(link, agent, frame.channel(), stored.size());
        }
    }

    private static void ack(Link link, Agent agent, int channel, long next) {
        agent.limit = agent.received + WINDOW;
        link.send(new Frame(FrameType.ACK, channel, new Ack(next, agent.limit).encode()));
    }

    /** The two requests of enrolment. */
    void http(HttpServerRequest request) {
        if (request.path().equals("/enrol/ca")) {
            request.response().end(Pem.text(servers.nodes.certificate()));
            return;
        }
        request.body().onSuccess(body -> enrol(request, body.toJsonObject()));
    }

    private void enrol(HttpServerRequest request, JsonObject asked) {
        if (!asked.getString("token").equals("good")) {
            request.response().setStatusCode(403).end("{\"code\":\"unknown-token\"}");
            return;
        }
        try {
            Csr csr = Csr.read(Buffer.buffer(Base64.getDecoder().decode(asked.getString("csr"))));
            UUID id = UUID.randomUUID();
            request.response()
                    .end(new JsonObject()
                            .put("agentId", id.toString())
                            .put("name", asked.getString("name"))
                            .put("labels", new JsonObject().put("site", "here"))
                            .put("certificate", Pem.text(servers.agents.agent(csr.publicKey(), id)))
                            .put("chain", Pem.text(servers.agents.certificate()))
                            .put("trust", Pem.text(servers.nodes.certificate()))
                            .put("agentAddresses", new JsonArray().add("127.0.0.1:" + servers.port()))
                            .encode());
        } catch (Csr.BadCsr e) {
            request.response().setStatusCode(400).end("{\"code\":\"bad-request\"}");
        }
    }
}
