package dev.gatehouse.e2e.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.agent.Agent;
import dev.gatehouse.e2e.tunnel.TunnelRig.Connect;
import dev.gatehouse.protocol.message.CloseCode;
import dev.gatehouse.shared.people.PersonRole;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
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

/** Real connections through real gateways to a real agent: the same bytes arrive in both directions, whatever breaks on the way. */
@Timeout(120)
class TunnelIT {

    private static final Map<Long, String> digests = Target.digests();
    private static Target echo;
    private static Target halves;
    private static Target resetting;
    private static int nobody;
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
        try (ServerSocket closed = new ServerSocket(0)) {
            nobody = closed.getLocalPort();
        }
        rig = new TunnelRig();
        agent = rig.agent(
                folder,
                "one",
                Map.of("echo", echo.port(), "halves", halves.port(), "resets", resetting.port(), "nobody", nobody));
    }

    @AfterAll
    static void stop() {
        rig.close();
        List.of(echo, halves, resetting).forEach(Target::close);
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
    void streamsGoOnWhenAGatewayDiesAndTheNextOne() throws Exception {
        try (Connect connect = rig.connect("halves", Optional.empty(), rig.access(0), rig.access(1))) {
            List<CompletableFuture<Void>> streams = begin(connect, 3000, 6, 20_000_000);
            for (int gateway = 0; gateway < 2; gateway++) {
                int links = connect.told.size();
                rig.cut(gateway);
                await().atMost(TunnelRig.PATIENCE)
                        .until(() -> connect.told.size() > links
                                || streams.stream().allMatch(CompletableFuture::isDone));
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
                "nobody", CloseCode.TARGET_REFUSED, "no-such-name", CloseCode.UNKNOWN_RESOURCE);
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
        try (Connect connect =
                        rig.connect(rig.dial(rig.token("bob", Set.of(PersonRole.AUDITOR.word()))), "echo", rig.access(0));
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
