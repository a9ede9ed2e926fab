package dev.gatehouse.protocol.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.Heartbeat;
import dev.gatehouse.protocol.transport.LinkEnd.Cause;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Links whose other end stops, crawls or floods. */
class LinkPressureIT {

    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final LinkSettings PATIENT =
            new LinkSettings(Duration.ofSeconds(20), Duration.ofMinutes(2), Duration.ofMillis(500));
    private static final Frame BULK = new Frame(FrameType.CHUNK, 1, Buffer.buffer(new byte[Frame.MAX_PAYLOAD]));

    private final Vertx vertx = Vertx.vertx();
    private final LinkedBlockingQueue<Peer> accepted = new LinkedBlockingQueue<>();
    private Relay relay;
    private Peer agent;
    private Peer server;

    private void connect(LinkSettings settings) throws InterruptedException {
        TestGateway gateway = new TestGateway(vertx, settings, link -> accepted.add(Peer.of(link))).listen();
        relay = new Relay(vertx, gateway.port());
        Dial dial = gateway.dial();
        agent = Peer.dialled(vertx, () -> dial.tls("127.0.0.1", relay.port()));
        server = accepted.poll(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() {
        TestGateway.await(vertx.close());
    }

    @Test
    void aHalfOpenLinkIsNoticedAtBothEnds() throws InterruptedException {
        connect(LinkSettings.silence(SILENCE));
        long frozenAt = System.nanoTime();
        relay.freeze();
        assertThat(agent.end().cause()).isEqualTo(Cause.SILENT);
        assertThat(server.end().cause()).isEqualTo(Cause.SILENT);
        // closing takes its own bounded time, as nobody answers
        Duration took = Duration.ofNanos(System.nanoTime() - frozenAt);
        assertThat(took).isLessThan(SILENCE.plus(PATIENT.closing()).plusSeconds(4));
    }

    @Test
    void aPeerThatDoesNotReadEndsTheLinkBeforeMemoryDoes() throws InterruptedException {
        connect(PATIENT);
        relay.freeze();
        // WHEN a sender doesn't listen to writable()
        server.on(() -> {
            for (int i = 0; i < 1000 && server.link.isOpen(); i++) {
                server.link.send(BULK);
            }
        });
        // THEN the link ends, although its last word cannot get out
        LinkEnd end = server.end();
        assertThat(end.cause()).isEqualTo(Cause.OVERFLOW);
        assertThat(end.error().orElseThrow().getCode()).isEqualTo(ErrorCode.OVERLOADED);
    }

    @Test
    void aStuckConnectionIsGivenBackToTheSystem() throws InterruptedException {
        connect(LinkSettings.silence(Duration.ofSeconds(3)));
        int before = sockets();
        relay.freeze();
        fill(server, 1_000);
        server.on(() -> server.link.close(Link.error(ErrorCode.DRAINING, "bye")));
        assertThat(server.end().cause()).isEqualTo(Cause.OURS);
        await().atMost(Duration.ofSeconds(30)).until(() -> sockets() < before);
    }

    @Test
    void controlPassesBulkThatWaits() throws InterruptedException {
        connect(PATIENT);
        // GIVEN bulk up to the brim: network, socket queue and outbox
        relay.freeze();
        int sent = fill(agent, 1_000);
        assertThat(sent).isLessThan(1_000);
        // WHEN a heartbeat follows, and the network carries again
        agent.on(() -> agent.link.send(Control.newBuilder()
                .setHeartbeat(Heartbeat.getDefaultInstance())
                .build()));
        CompletableFuture<Integer> drained = new CompletableFuture<>();
        agent.on(() -> agent.link.onDrain(() -> drained.complete(1)));
        relay.thaw();
        // THEN it arrives before all that waited in the outbox, and the sender hears that there is room
        List<FrameType> order = new ArrayList<>();
        for (int i = 0; i < sent + 1; i++) {
            order.add(server.next().type());
        }
        int after = order.size() - 1 - order.indexOf(FrameType.CONTROL);
        assertThat(after).isGreaterThanOrEqualTo(Outbox.ENOUGH / Outbox.PIECE);
        assertThat(Peer.soon(drained)).isEqualTo(1);
    }

    @Test
    void aSenderThatListensMovesMuchThroughLittle() throws InterruptedException {
        connect(PATIENT);
        int frames = 2_000; // 128 MB
        CompletableFuture<Void> all = new CompletableFuture<>();
        agent.on(new Runnable() {
            private int sent;

            @Override
            public void run() {
                agent.link.onDrain(this);
                while (sent < frames && agent.link.writable(Priority.BULK)) {
                    agent.link.send(BULK);
                    sent++;
                }
                if (sent == frames) {
                    all.complete(null);
                }
            }
        });
        for (int i = 0; i < frames; i++) {
            assertThat(server.next().payload().length()).isEqualTo(Frame.MAX_PAYLOAD);
        }
        Peer.soon(all);
    }

    /** Sends bulk until nothing moves any more; says how many frames. */
    private static int fill(Peer peer, int most) throws InterruptedException {
        int sent = 0;
        int idle = 0;
        while (idle < 20 && sent < most) { // 20 turns of the loop in which nothing got out
            CompletableFuture<Integer> count = new CompletableFuture<>();
            peer.on(() -> {
                int now = 0;
                while (peer.link.writable(Priority.BULK) && now < 10) {
                    peer.link.send(BULK);
                    now++;
                }
                count.complete(now);
            });
            int now = Peer.soon(count);
            sent += now;
            idle = now == 0 ? idle + 1 : 0;
            if (now == 0) {
                TimeUnit.MILLISECONDS.sleep(10); // the kernel moves bytes in its own time, and tells nobody
            }
        }
        return sent;
    }

    private static int sockets() {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.filter(LinkPressureIT::isSocket).count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isSocket(Path file) {
        try {
            return Files.readSymbolicLink(file).toString().startsWith("socket:");
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }
}
