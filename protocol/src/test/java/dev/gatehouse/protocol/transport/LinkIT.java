package dev.gatehouse.protocol.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.protocol.identity.TestCa;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.transport.LinkEnd.Cause;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Links over real TLS and real WebSockets on loopback. */
class LinkIT {

    private static final LinkSettings SETTINGS =
            new LinkSettings(Duration.ofMillis(200), Duration.ofMillis(800), Duration.ofSeconds(1));

    enum Way {
        TLS,
        WEB_SOCKET
    }

    private final Vertx vertx = Vertx.vertx();
    private final LinkedBlockingQueue<Peer> accepted = new LinkedBlockingQueue<>();
    private TestGateway gateway;
    private Dial dial;

    @BeforeEach
    void listen() {
        gateway = new TestGateway(vertx, SETTINGS, link -> accepted.add(Peer.of(link))).listen();
        dial = gateway.dial();
    }

    @AfterEach
    void close() {
        TestGateway.await(vertx.close());
    }

    private Peer agent(Way way) {
        return Peer.dialled(
                vertx, () -> way == Way.TLS ? dial.tls("127.0.0.1", gateway.port()) : dial.webSocket(gateway.url()));
    }

    private Peer server() throws InterruptedException {
        return accepted.poll(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource
    void framesCrossBothWaysInOrder(Way way) throws InterruptedException {
        Peer agent = agent(way);
        Peer server = server();
        // WHEN a big burst of frames of all sizes goes one way, within what may wait
        Random random = new Random(7);
        Frame[] burst = new Frame[200];
        for (int i = 0; i < burst.length; i++) {
            byte[] payload = new byte[random.nextInt(100) == 0 ? Frame.MAX_PAYLOAD : random.nextInt(2_000)];
            random.nextBytes(payload);
            burst[i] = new Frame(FrameType.CHUNK, i, Buffer.buffer(payload));
        }
        agent.send(burst);
        server.send(new Frame(FrameType.ACK, 5, Buffer.buffer("0123456789abcdef")));
        // THEN they arrive as they were sent
        for (Frame frame : burst) {
            assertThat(server.next()).isEqualTo(frame);
        }
        assertThat(agent.next().channel()).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource
    void anErrorIsHeardBeforeTheEnd(Way way) throws Exception {
        Peer agent = agent(way);
        Peer server = server();
        LinkError error = Link.error(ErrorCode.STALE_RUN, "run 3; at least 4").toBuilder()
                .setKnownRun(4)
                .build();
        server.on(() -> server.link.close(error));
        assertThat(Control.parseFrom(agent.next().payload().getBytes()).getError())
                .isEqualTo(error);
        assertThat(agent.end().cause()).isEqualTo(Cause.THEIRS);
        assertThat(server.end().cause()).isEqualTo(Cause.OURS);
        assertThat(server.end().error()).contains(error);
    }

    @ParameterizedTest
    @EnumSource
    void aQuietEndFlushesWhatWaits(Way way) throws InterruptedException {
        Peer agent = agent(way);
        Peer server = server();
        agent.on(() -> {
            agent.link.send(new Frame(FrameType.CHUNK, 1, Buffer.buffer(new byte[60_000])));
            agent.link.close();
            agent.link.send(new Frame(FrameType.CHUNK, 2, Buffer.buffer())); // too late
        });
        assertThat(server.next().channel()).isEqualTo(1);
        assertThat(server.end().cause()).isEqualTo(Cause.THEIRS);
        assertThat(agent.end().cause()).isEqualTo(Cause.OURS);
        assertThat(server.received).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void garbageIsAnsweredAndEndsTheLink(Way way) throws Exception {
        Peer agent = agent(way);
        Peer server = server();
        // WHEN an answer to a PING has the wrong length: a frame by itself, and nonsense
        agent.send(new Frame(FrameType.PONG, 0, Buffer.buffer("seven..")));
        // THEN the other end says so and closes
        LinkError error = Control.parseFrom(agent.next().payload().getBytes()).getError();
        assertThat(error.getCode()).isEqualTo(ErrorCode.BAD_FRAME);
        assertThat(error.getDetail()).isEqualTo("PONG of 7 bytes on channel 0; 8 bytes on channel 0 are needed");
        assertThat(server.end().cause()).isEqualTo(Cause.BROKEN);
        assertThat(agent.end().cause()).isEqualTo(Cause.THEIRS);
    }

    @ParameterizedTest
    @EnumSource
    void aQuietLinkLivesByPings(Way way) throws InterruptedException {
        Peer agent = agent(way);
        Peer server = server();
        // GIVEN nothing to say for three times the silence that would be death
        assertThatThrownBy(() -> agent.end.get(2_500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        // THEN both ends are open, and know the round trip
        CompletableFuture<Boolean> open = new CompletableFuture<>();
        agent.on(() ->
                open.complete(agent.link.isOpen() && agent.link.roundTripNanos().orElse(0) > 0));
        CompletableFuture<Boolean> serverOpen = new CompletableFuture<>();
        server.on(() -> serverOpen.complete(server.link.isOpen()));
        assertThat(Peer.soon(open)).isTrue();
        assertThat(Peer.soon(serverOpen)).isTrue();
    }

    @Test
    void onlyOurAgentsOnOurProtocolGetIn() {
        // an agent of another CA: with TLS 1.3 the client learns it after its own handshake, by the end of the link
        AgentKey key = AgentKey.generate();
        TestCa others = new TestCa("others");
        Dial stranger = new Dial(
                vertx,
                SETTINGS,
                key,
                List.of(others.agent(key, UUID.randomUUID())),
                List.of(gateway.nodes.certificate()));
        assertThat(Peer.dialled(vertx, () -> stranger.tls("127.0.0.1", gateway.port()))
                        .end()
                        .cause())
                .isEqualTo(Cause.THEIRS);
        assertThat(accepted).isEmpty();
        // a gateway of another CA
        Dial misled = new Dial(
                vertx, SETTINGS, gateway.agentKey, List.of(gateway.agentCertificate), List.of(others.certificate()));
        assertThatThrownBy(() -> TestGateway.await(misled.tls("127.0.0.1", gateway.port())))
                .isInstanceOf(SSLHandshakeException.class);
        assertThatThrownBy(() -> TestGateway.await(misled.webSocket(gateway.url())))
                .isInstanceOf(SSLHandshakeException.class);
        // a server of the right CA under another name
        assertThatThrownBy(() -> TestGateway.await(dial.tls("127.0.0.2", gateway.port())))
                .isInstanceOf(Exception.class);
        // a server that speaks something else
        assertThatThrownBy(() ->
                        TestGateway.await(dial.tls("localhost", gateway.url().getPort())))
                .hasMessageContaining("does not speak gatehouse/1");
        assertThatThrownBy(() -> TestGateway.await(dial.webSocket(URI.create("http://localhost:1"))))
                .hasMessage("access address 'http://localhost:1'; https://HOST[:PORT] is needed");
    }
}
