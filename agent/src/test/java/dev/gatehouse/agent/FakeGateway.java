package dev.gatehouse.agent;

import com.google.protobuf.ByteString;
import dev.gatehouse.protocol.identity.Csr;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.message.Challenge;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.GatewayAddress;
import dev.gatehouse.protocol.message.GoAway;
import dev.gatehouse.protocol.message.Health;
import dev.gatehouse.protocol.message.Hello;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.message.Renewed;
import dev.gatehouse.protocol.message.Resource;
import dev.gatehouse.protocol.message.Rewind;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.message.StreamState;
import dev.gatehouse.protocol.message.Watch;
import dev.gatehouse.protocol.message.Welcome;
import dev.gatehouse.protocol.stream.Ack;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.transport.Link;
import dev.gatehouse.protocol.transport.LinkSettings;
import dev.gatehouse.protocol.transport.Listening;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A gateway with its worker and store in memory, that does as its test says. */
final class FakeGateway {

    static final long WINDOW = 256 * 1024;

    final String id;
    final List<Hello> hellos = new CopyOnWriteArrayList<>();
    final List<Long> heardAt = new CopyOnWriteArrayList<>(); // nanoseconds, of each of them
    final Queue<LinkError> refusals = new ConcurrentLinkedQueue<>();
    final List<LinkEnd> links = new CopyOnWriteArrayList<>();
    final AtomicLong heartbeats = new AtomicLong();
    final Map<String, Health> health = new ConcurrentHashMap<>(); // of heartbeats since the last RESOURCES
    volatile List<Resource> offered = List.of();
    volatile List<Watch> watched = List.of();
    volatile long window = WINDOW;
    volatile boolean holdAcks;
    volatile boolean holdWindow; // acknowledges, but raises no limit
    volatile Optional<LinkError> refusesAll = Optional.empty();
    volatile Duration clock = Duration.ZERO; // ahead of the machine's
    private final Vertx vertx;
    private final Deployment deployment;
    private final NetServer server;

    FakeGateway(Vertx vertx, Deployment deployment, String id) {
        this.vertx = vertx;
        this.deployment = deployment;
        this.id = id;
        TestCa.Server identity = deployment.nodes.server();
        server = Deployment.await(vertx.createNetServer(
                        Listening.tls(identity.chain(), identity.key(), List.of(deployment.agents.certificate())))
                .connectHandler(this::accept)
                .listen(0, "127.0.0.1"));
    }

    int port() {
        return server.actualPort();
    }

    void accept(ServerWebSocket socket) {
        LinkEnd link = new LinkEnd(Link.over(vertx, socket, LinkSettings.DEFAULT), () -> socket.close());
        link.link.send(Control.newBuilder()
                .setChallenge(Challenge.newBuilder().setNonce(ByteString.copyFrom(new byte[32])))
                .build());
    }

    private void accept(NetSocket socket) {
        new LinkEnd(Link.over(vertx, socket, LinkSettings.DEFAULT), socket::close);
    }

    /** From now on it shows this certificate. */
    void show(TestCa.Server identity) {
        Deployment.await(server.updateSSLOptions(
                Listening.tls(identity.chain(), identity.key(), List.of(deployment.agents.certificate()))
                        .getSslOptions(),
                true));
    }

    /** Ends all links with an error. */
    void end(LinkError error) {
        links.forEach(link -> link.link.context().runOnContext(turn -> link.link.close(error)));
    }

    /** Cuts all links without a word. */
    void cut() {
        links.forEach(link -> link.link.context().runOnContext(turn -> link.cut.run()));
    }

    void rewind() {
        links.forEach(link -> link.link.context().runOnContext(turn -> link.rewind("test")));
    }

    void goAway(int afterMillis) {
        links.forEach(link -> link.link.context().runOnContext(turn -> {
            link.end.leaving();
            link.link.send(Control.newBuilder()
                    .setGoAway(GoAway.newBuilder().setReason("drain").setAfterMillis(afterMillis))
                    .build());
        }));
    }

    void close() {
        Deployment.await(server.close());
        cut();
    }

    final class LinkEnd {

        final Link link;
        final Runnable cut;
        final GatewayEnd end = new GatewayEnd();
        private final Map<Integer, StoredStream> channels = new HashMap<>();
        private final Map<Integer, StoredStream> ended = new HashMap<>();
        private final Queue<Integer> held = new ArrayDeque<>();

        LinkEnd(Link link, Runnable cut) {
            this.link = link;
            this.cut = cut;
            links.add(this);
            link.start(this::received, gone -> links.remove(this));
        }

        private void received(Frame frame) throws ProtocolException {
            switch (end.received(frame)) {
                case FromAgent.Said said -> said(said.control());
                case FromAgent.OpenStream open -> open(open);
                case FromAgent.Carried carried -> carried(carried);
                case FromAgent.Dropped dropped -> {
                    end.window().settled(dropped.bytes());
                    raise();
                }
            }
        }

        private void said(Control control) throws ProtocolException {
            switch (control.getBodyCase()) {
                case HELLO -> hello(control.getHello());
                case HEARTBEAT -> {
                    heartbeats.incrementAndGet();
                    control.getHeartbeat()
                            .getHealthList()
                            .forEach(each -> health.put(each.getName(), each.getHealth()));
                }
                case RESOURCES -> {
                    health.clear();
                    offered = control.getResources().getResourcesList();
                    watched = control.getResources().getWatchList();
                }
                case RENEW -> renew(control);
                default -> {}
            }
        }

        private void hello(Hello hello) {
            heardAt.add(System.nanoTime());
            hellos.add(hello);
            if (hello.getAvoidList().contains(id)) {
                link.close(LinkError.newBuilder().setCode(ErrorCode.AVOIDED).build());
                return;
            }
            LinkError refusal = refusesAll.orElseGet(refusals::poll);
            if (refusal != null) {
                link.close(refusal);
                return;
            }
            end.welcomed(new ReceiveWindow(window));
            Welcome.Builder welcome = Welcome.newBuilder()
                    .setGatewayId(id)
                    .setCaptureLimit(window)
                    .setTime((System.currentTimeMillis() + clock.toMillis()) * 1000)
                    .setHeartbeatMillis(1000);
            deployment.gateways.forEach(known -> welcome.addGateways(GatewayAddress.newBuilder()
                    .setId(known.id)
                    .setAddress(deployment.addressesReachable ? "localhost:" + known.port() : "")));
            link.send(Control.newBuilder().setWelcome(welcome).build());
        }

        private void renew(Control control) {
            try {
                Csr csr = Csr.read(Buffer.buffer(control.getRenew().getCsr().toByteArray()));
                UUID agent = UUID.randomUUID();
                link.send(Control.newBuilder()
                        .setRenewed(Renewed.newBuilder()
                                .setCertificate(ByteString.copyFrom(Pem.der(deployment.agents.agent(
                                        csr.publicKey(), agent, Duration.ZERO, Duration.ofDays(7)))))
                                .addChain(ByteString.copyFrom(Pem.der(deployment.agents.certificate()))))
                        .build());
            } catch (Csr.BadCsr e) {
                throw new AssertionError(e);
            }
        }

        private void open(FromAgent.OpenStream open) throws ProtocolException {
            UUID stream = Ids.uuid("id", open.open().getStreamId());
            StoredStream stored = deployment.streams.computeIfAbsent(
                    stream, made -> new StoredStream(open.open(), deployment.keepsChunks));
            StreamState state = stored.forked
                    ? StreamState.FORKED
                    : stored.isClosed() ? StreamState.CLOSED : StreamState.OPEN_FOR_CHUNKS;
            end.answered(open.channel(), state == StreamState.OPEN_FOR_CHUNKS);
            channels.put(open.channel(), stored);
            StreamOpened.Builder answer =
                    StreamOpened.newBuilder().setState(state).setNext(stored.next());
            stored.lastCrc().ifPresent(answer::setLastCrc);
            link.send(Frame.of(FrameType.STREAM_OPENED, open.channel(), answer.build()));
        }

        private void carried(FromAgent.Carried carried) throws ProtocolException {
            StoredStream stored = channels.get(carried.channel());
            if (!Chunk.crcMatches(carried.payload())) {
                throw new AssertionError("CRC of chunk " + carried.sequence());
            }
            if (carried.sequence() == stored.next()) {
                stored.add(Chunk.decode(carried.payload().copy()));
            } else if (carried.sequence() < stored.next() && stored.has(carried.payload())) {
                stored.repeats.incrementAndGet();
            } else {
                throw new AssertionError("chunk " + carried.sequence() + ", " + stored.next() + " is next");
            }
            end.window().settled(carried.payload().length());
            held.add(carried.channel());
            ack();
        }

        void ack() {
            while (!holdAcks && !held.isEmpty()) {
                int channel = held.remove();
                raise();
                link.send(new Frame(
                        FrameType.ACK,
                        channel,
                        new Ack(channels.get(channel).next(), end.window().limit()).encode()));
            }
        }

        private void raise() {
            OptionalLong limit =
                    holdWindow ? OptionalLong.empty() : end.window().raise(window);
            if (limit.isPresent() && !holdAcks) {
                link.send(new Frame(FrameType.ACK, 0, new Ack(0, limit.getAsLong()).encode()));
            }
        }

        /** Tells what was held back. */
        void release() {
            link.context().runOnContext(turn -> {
                raise();
                ack();
            });
        }

        void fork(StoredStream stream) {
            stream.forked = true;
            channels.forEach((channel, open) -> {
                if (open == stream) {
                    end.ended(channel);
                    ended.put(channel, open);
                    link.send(Frame.of(
                            FrameType.STREAM_OPENED,
                            channel,
                            StreamOpened.newBuilder()
                                    .setState(StreamState.FORKED)
                                    .build()));
                }
            });
        }

        void rewind(String reason) {
            end.rewound();
            held.clear();
            link.send(Control.newBuilder()
                    .setRewind(Rewind.newBuilder().setReason(reason))
                    .build());
        }
    }
}
