package dev.gatehouse.e2e.tunnel;

import static dev.gatehouse.e2e.tunnel.RawUser.channel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.gatehouse.agent.Agent;
import dev.gatehouse.e2e.Tools;
import dev.gatehouse.e2e.tunnel.TunnelRig.Connect;
import dev.gatehouse.protocol.message.CloseCode;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.tunnel.Proof;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.shared.people.PersonRole;
import dev.gatehouse.shared.postgres.PostgresSettings;
import io.vertx.core.buffer.Buffer;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real connections through real gateways to a real agent: the same bytes arrive in both directions, whatever breaks on the way. Above 300 lines, as all share two gateways that take seconds to start. */
@Timeout(120)
class TunnelIT {

    private static final Map<Long, String> digests = Target.digests();
    private static Target echo;
    private static Target halves;
    private static Target resetting;
    private static Target deaf;
    private static int nobody;
    private static ServerSocket silent;
    private static final List<Socket> fill = new ArrayList<>();
    private static TunnelRig rig;
    private static Agent agent;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() throws Exception {
        echo = Target.echo();
        halves = Target.halfClosing(digests);
        resetting = Target.that(socket -> {
            socket.getInputStream().read();
            socket.setSoLinger(true, 0);
        });
        deaf = Target.that(socket -> {
            try {
                Thread.sleep(TunnelRig.PATIENCE); // until the test is over
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try (ServerSocket closed = new ServerSocket(0)) {
            nobody = closed.getLocalPort();
        }
        silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        for (int i = 0; i < 2; i++) { // its queue is full: the next one waits for an answer
            fill.add(new Socket(InetAddress.getLoopbackAddress(), silent.getLocalPort()));
        }
        rig = new TunnelRig();
        agent = rig.agent(
                folder,
                "one",
                Map.of(
                        "echo",
                        echo.port(),
                        "halves",
                        halves.port(),
                        "resets",
                        resetting.port(),
                        "deaf",
                        deaf.port(),
                        "nobody",
                        nobody,
                        "silent",
                        silent.getLocalPort(),
                        "database",
                        rig.database().hosts().getFirst().port()));
    }

    @AfterAll
    static void stop() throws IOException {
        rig.close();
        silent.close();
        for (Socket socket : fill) {
            socket.close();
        }
        List.of(echo, halves, resetting, deaf).forEach(Target::close);
    }

    @BeforeEach
    void whole() {
        rig.mend(0);
        rig.mend(1);
        rig.awaitLinks(agent, 2);
    }

    @Test
    void halfClosingStreamsThroughOneGateway() throws Exception {
        try (Connect connect = rig.connect("halves", Optional.empty(), rig.access(0))) {
            exchangeMany(connect, 1000, 8, 3_000_000);
            assertThat(connect.broken).isEmpty();
        }
    }

    @Test
    void halfClosingStreamsThroughTwoGateways() throws Exception {
        // GIVEN an agent that is linked to the other gateway only
        rig.agentCables.get(0).cut();
        rig.awaitLinks(agent, 1);
        try (Connect connect = rig.connect("halves", Optional.empty(), rig.access(0))) {
            exchangeMany(connect, 2000, 8, 3_000_000);
            assertThat(connect.broken).isEmpty();
        }
    }

    @Test
    void aSessionKeepsItsAgentAlsoAtAnotherGateway() throws Exception {
        try (Target first = naming(1);
                Target second = naming(2)) {
            rig.awaitLinks(rig.agent(folder, "two", Map.of("either", first.port())), 2);
            rig.awaitLinks(rig.agent(folder, "three", Map.of("either", second.port())), 2);
            // GIVEN that new sessions get one agent or the other
            Set<Integer> reached = new HashSet<>();
            await().atMost(TunnelRig.PATIENCE).ignoreExceptions().until(() -> {
                try (Connect connect = rig.connect("either", Optional.empty(), rig.access(0))) {
                    reached.add(name(connect));
                }
                return reached.size() == 2;
            });
            // WHEN one session opens many tunnels, and more when its gateway has died
            try (Connect connect = rig.connect("either", Optional.empty(), rig.access(0), rig.access(1))) {
                Set<Integer> own = new HashSet<>();
                for (int i = 0; i < 10; i++) {
                    own.add(name(connect));
                }
                rig.cut(connect.told.getFirst().contains(rig.access(0).toString()) ? 0 : 1);
                for (int i = 0; i < 10; i++) {
                    own.add(name(connect));
                }
                // THEN all of them get the same agent
                assertThat(own).hasSize(1);
            }
        }
    }

    /** Answers the first byte with its own name. */
    private static Target naming(int name) {
        return Target.that(socket -> {
            if (socket.getInputStream().read() >= 0) {
                socket.getOutputStream().write(name);
            }
        });
    }

    private static int name(Connect connect) throws IOException {
        try (Socket socket = connect.socket()) {
            socket.getOutputStream().write(0);
            int name = socket.getInputStream().read();
            assertThat(name).isPositive();
            return name;
        }
    }

    @Test
    void streamsGoOnWhenAGatewayDiesAndTheNextOne() throws Exception {
        try (Connect connect = rig.connect("halves", Optional.empty(), rig.access(0), rig.access(1))) {
            List<CompletableFuture<Void>> streams = begin(connect, 3000, 6, 20_000_000);
            for (int gateway = 0; gateway < 2; gateway++) {
                int links = connect.told.size();
                rig.cut(gateway);
                await().atMost(TunnelRig.PATIENCE)
                        .until(() ->
                                connect.told.size() > links || streams.stream().allMatch(CompletableFuture::isDone));
                rig.awaitLinks(agent, 1);
                rig.mend(gateway);
                rig.awaitLinks(agent, 2);
            }
            CompletableFuture.allOf(streams.toArray(CompletableFuture[]::new)).join();
            assertThat(connect.broken).isEmpty();
            assertThat(connect.told).anySatisfy(said -> assertThat(said).matches("linked .* [1-9]\\d*"));
        }
    }

    @Test
    void clearErrorsForWhatCannotBeOpened() throws Exception {
        Map<String, CloseCode> expected = Map.of(
                "nobody",
                CloseCode.TARGET_REFUSED,
                "silent",
                CloseCode.TARGET_UNREACHABLE,
                "no-such-name",
                CloseCode.UNKNOWN_RESOURCE);
        for (Map.Entry<String, CloseCode> each : expected.entrySet()) {
            try (Connect connect = rig.connect(each.getKey(), Optional.empty(), rig.access(0));
                    Socket socket = connect.socket()) {
                assertThat(ends(socket)).isTrue();
                await().atMost(TunnelRig.PATIENCE).until(() -> !connect.broken.isEmpty());
                assertThat(connect.broken).containsExactly(each.getValue());
            }
        }
        try (Connect connect = rig.connect("echo", Optional.of(new UUID(1, 1)), rig.access(0));
                Socket socket = connect.socket()) {
            assertThat(ends(socket)).isTrue();
            await().atMost(TunnelRig.PATIENCE).until(() -> !connect.broken.isEmpty());
            assertThat(connect.broken).containsExactly(CloseCode.AGENT_OFFLINE);
        }
    }

    @Test
    void whoMayNotAndWhoIsNotSignedInIsToldSo() throws Exception {
        try (Connect connect = rig.connect(
                        rig.dial(rig.token("bob", Set.of(PersonRole.AUDITOR.word()))), "echo", rig.access(0));
                Socket socket = connect.socket()) {
            assertThat(ends(socket)).isTrue();
            await().atMost(TunnelRig.PATIENCE).until(() -> !connect.broken.isEmpty());
            assertThat(connect.broken).containsExactly(CloseCode.FORBIDDEN);
        }
        try (Connect connect = rig.connect(rig.dial("x".repeat(43)), "echo", rig.access(0))) {
            await().atMost(TunnelRig.PATIENCE).until(() -> connect.told.contains("not signed in"));
        }
    }

    @Test
    void aLogoutEndsTheLinksOfTheSignIn() throws Exception {
        String token = rig.token("cleo", Set.of(PersonRole.ADMINISTRATOR.word()));
        try (Connect connect = rig.connect(rig.dial(token), "echo", rig.access(0));
                Socket socket = connect.socket()) {
            socket.getOutputStream().write(7);
            assertThat(socket.getInputStream().read()).isEqualTo(7);
            rig.endSignIn(token);
            await().atMost(TunnelRig.PATIENCE).until(() -> connect.told.contains("not signed in"));
        }
    }

    @Test
    void psqlOfDebian() throws Exception {
        Tools.need("psql");
        PostgresSettings database = rig.database();
        try (Connect connect = rig.connect("database", Optional.empty(), rig.access(1))) {
            String url = "host=127.0.0.1 port=" + connect.port() + " user=" + database.user() + " dbname="
                    + database.database() + " password="
                    + database.password().map(secret -> secret.value()).orElse("");
            assertThat(Tools.run(folder, "psql", url, "-Atc", "select sum(n) from generate_series(1, 100000) n"))
                    .isEqualTo("5000050000\n");
            String copy = "copy (select repeat('x', 999) from generate_series(1, 20000)) to stdout";
            assertThat(Tools.run(folder, "psql", url, "-Atc", copy)).hasSize(20_000_000);
            assertThat(connect.broken).isEmpty();
        }
    }

    @Test
    void aTargetThatResetsBreaksTheUsersConnection() throws Exception {
        try (Connect connect = rig.connect("resets", Optional.empty(), rig.access(0));
                Socket socket = connect.socket()) {
            socket.getOutputStream().write(1);
            assertThat(ends(socket)).isTrue();
            await().atMost(TunnelRig.PATIENCE).until(() -> !connect.broken.isEmpty());
            assertThat(connect.broken).containsExactly(CloseCode.RESET_BY_TARGET);
        }
    }

    @Test
    void aUserWhoDoesNotReadHoldsUpNobodyElse() throws Exception {
        try (Connect connect = rig.connect("halves", Optional.empty(), rig.access(0));
                Socket stuck = connect.socket()) {
            DataOutputStream out = new DataOutputStream(stuck.getOutputStream());
            out.writeLong(4000);
            out.writeLong(200_000_000);
            exchangeMany(connect, 4001, 4, 2_000_000);
            assertThat(connect.broken).isEmpty();
        }
    }

    @Test
    void onlyTheSameEndOfTheSameUserComesBack() throws Exception {
        // GIVEN a tunnel of ann whose link has gone
        UUID tunnel = UUID.randomUUID();
        ByteString secret = Proof.newSecret();
        RawUser ann = rig.raw(rig.dial(), 0);
        ann.send(
                FrameType.OPEN, channel(1), RawUser.open(tunnel, "echo", secret).build());
        ByteString id = ann.opened(channel(1)).getAgentId();
        ann.send(new Frame(FrameType.DATA, channel(1), Buffer.buffer("hello")));
        assertThat(ann.await(FrameType.DATA, channel(1)).payload()).isEqualTo(Buffer.buffer("hello"));
        ann.hangUp();
        // WHEN others come back with it THEN they are refused
        RawUser eve = rig.raw(rig.dial(rig.token("eve", Set.of(PersonRole.ADMINISTRATOR.word()))), 1);
        eve.send(
                FrameType.RESUME,
                channel(1),
                RawUser.resume(tunnel, id, "echo", secret, 2, 0).build());
        assertThat(eve.close(channel(1)).getCode()).as("stolen").isEqualTo(CloseCode.BAD_PROOF);
        RawUser again = rig.raw(rig.dial(), 1);
        again.send(
                FrameType.RESUME,
                channel(1),
                RawUser.resume(tunnel, id, "echo", Proof.newSecret(), 2, 0).build());
        assertThat(again.close(channel(1)).getCode()).as("forged").isEqualTo(CloseCode.BAD_PROOF);
        again.send(
                FrameType.RESUME,
                channel(2),
                RawUser.resume(tunnel, id, "echo", secret, 2, 0).setConsumed(1).build());
        assertThat(again.close(channel(2)).getCode()).as("another number").isEqualTo(CloseCode.BAD_PROOF);
        again.send(
                FrameType.RESUME,
                channel(3),
                RawUser.resume(UUID.randomUUID(), id, "echo", secret, 2, 0).build());
        assertThat(again.close(channel(3)).getCode()).isEqualTo(CloseCode.UNKNOWN_TUNNEL);
        // AND she herself gets what she has not had, once
        again.send(
                FrameType.RESUME,
                channel(4),
                RawUser.resume(tunnel, id, "echo", secret, 3, 2).build());
        assertThat(again.opened(channel(4)).getConsumed()).isEqualTo(5);
        assertThat(again.await(FrameType.DATA, channel(4)).payload()).isEqualTo(Buffer.buffer("llo"));
        again.send(
                FrameType.RESUME,
                channel(5),
                RawUser.resume(tunnel, id, "echo", secret, 3, 2).build());
        assertThat(again.close(channel(5)).getCode()).as("old").isEqualTo(CloseCode.OUTDATED);
        // AND numbers that cannot be end the tunnel, not the agent's link
        again.send(
                FrameType.RESUME,
                channel(6),
                RawUser.resume(tunnel, id, "echo", secret, 4, 99).build());
        assertThat(again.close(channel(6)).getCode()).isEqualTo(CloseCode.FAULT);
        assertThat(agent.links().links()).allMatch(link -> link.state().equals("up"));
        assertThat(again.isOpen()).isTrue();
    }

    @Test
    void aUserWhoBreaksTheProtocolLosesTheLinkAndNobodyElseDoes() throws Exception {
        RawUser greedy = rig.raw(rig.dial(), 0);
        greedy.send(
                FrameType.OPEN,
                channel(1),
                RawUser.open(UUID.randomUUID(), "deaf", Proof.newSecret()).build());
        greedy.opened(channel(1));
        greedy.flood(channel(1), 50_000_000);
        assertThat(greedy.error().getCode()).isEqualTo(ErrorCode.WINDOW_EXCEEDED);
        RawUser confused = rig.raw(rig.dial(), 0);
        confused.send(new Frame(FrameType.DATA, channel(7), Buffer.buffer("x")));
        assertThat(confused.error().getCode()).isEqualTo(ErrorCode.BAD_ORDER);
        RawUser impostor = rig.raw(rig.dial(), 0);
        impostor.send(new Frame(FrameType.CHUNK, 1, Buffer.buffer("x")));
        assertThat(impostor.error().getCode()).isEqualTo(ErrorCode.BAD_ORDER);
        assertThat(agent.links().links()).allMatch(link -> link.state().equals("up"));
    }

    private static boolean ends(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    private static void exchangeMany(Connect connect, long firstSeed, int streams, int most) {
        CompletableFuture.allOf(begin(connect, firstSeed, streams, most).toArray(CompletableFuture[]::new))
                .join();
    }

    private static List<CompletableFuture<Void>> begin(Connect connect, long firstSeed, int streams, int most) {
        return IntStream.range(0, streams)
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> exchange(connect, firstSeed + i, most / (1 + i % 3), i % 4 == 3 ? 0 : most / (1 + i % 2)),
                        work -> Thread.ofVirtual().start(work)))
                .toList();
    }

    /** Sends and receives at once, each direction with its own length and its own end. */
    private static void exchange(Connect connect, long seed, long up, long down) {
        try (Socket socket = connect.socket()) {
            CompletableFuture<String> sent = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                            out.writeLong(seed);
                            out.writeLong(down);
                            String digest = Bytes.write(out, -seed, up);
                            socket.shutdownOutput();
                            return digest;
                        } catch (IOException e) {
                            return e.toString();
                        }
                    },
                    work -> Thread.ofVirtual().start(work));
            assertThat(Bytes.read(socket.getInputStream())).as("down %s", seed).isEqualTo(Bytes.digest(seed, down));
            String digest = sent.join();
            await().atMost(TunnelRig.PATIENCE).until(() -> digests.containsKey(seed));
            assertThat(digests.get(seed)).as("up %s", seed).isEqualTo(digest);
        } catch (IOException e) {
            throw new AssertionError("stream " + seed, e);
        }
    }
}
