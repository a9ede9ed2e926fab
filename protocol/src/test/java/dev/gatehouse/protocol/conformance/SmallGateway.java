package dev.gatehouse.protocol.conformance;

import dev.gatehouse.protocol.identity.Csr;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.link.FromAgent;
import dev.gatehouse.protocol.link.GatewayEnd;
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
import dev.gatehouse.protocol.stream.ReceiveWindow;
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
        GatewayEnd end = new GatewayEnd();
        link.start(frame -> handle(link, end, end.received(frame)), ended -> newest.leave(link));
    }

    private void handle(Link link, GatewayEnd end, FromAgent frame) throws ProtocolException {
        switch (frame) {
            case FromAgent.Said said
            when said.control().hasHello() -> welcome(link, end, said.control().getHello());
            case FromAgent.Said said -> {}
            case FromAgent.OpenStream asked -> {
                end.answered(asked.channel(), true);
                link.send(Frame.of(FrameType.STREAM_OPENED, asked.channel(), opened(asked.open())));
            }
            case FromAgent.Dropped dropped -> {
                end.window().settled(dropped.bytes());
                ack(link, end, 0, 0);
            }
            case FromAgent.Carried carried -> take(link, end, carried);
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

    private void welcome(Link link, GatewayEnd end, Hello hello) throws ProtocolException {
        Newest.Claim claim = new Newest.Claim(
                hello.getRun(), Ids.uuid("HELLO.run_id", hello.getRunId()), hello.getSlot(), hello.getCounter());
        if (!(newest.claim(claim, link) instanceof Newest.Outcome.Register<Link>)) {
            throw new ProtocolException("claim refused: " + claim);
        }
        hellos.put(Ids.uuid("HELLO.agent_id", hello.getAgentId()), hello);
        end.welcomed(new ReceiveWindow(WINDOW));
        link.send(Control.newBuilder()
                .setWelcome(Welcome.newBuilder()
                        .setGatewayId("small")
                        .setCaptureLimit(WINDOW)
                        .setHeartbeatMillis(200))
                .build());
    }

    private void take(Link link, GatewayEnd end, FromAgent.Carried carried) throws ProtocolException {
        int length = carried.payload().length();
        if (!rewound && stored.size() == 600) {
            rewound = true;
            end.window().settled(length);
            end.rewound();
            link.send(Control.newBuilder()
                    .setRewind(Rewind.newBuilder().setReason("test"))
                    .build());
            return;
        }
        if (carried.sequence() != stored.size() || !Chunk.crcMatches(carried.payload())) {
            throw new ProtocolException("chunk " + carried.sequence() + "; " + stored.size() + " is next");
        }
        stored.put(carried.sequence(), Chunk.decode(carried.payload()));
        end.window().settled(length);
        if (carried.fin() || stored.size() % ACK_EVERY == 0) {
            ack(link, end, carried.channel(), stored.size());
        }
    }

    private static void ack(Link link, GatewayEnd end, int channel, long next) {
        end.window().raise(WINDOW);
        link.send(new Frame(FrameType.ACK, channel, new Ack(next, end.window().limit()).encode()));
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
