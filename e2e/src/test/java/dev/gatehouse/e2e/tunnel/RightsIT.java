package dev.gatehouse.e2e.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.admin.AdminService;
import dev.gatehouse.agent.Agent;
import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.client.ApiUrl;
import dev.gatehouse.e2e.tunnel.TunnelRig.Connect;
import dev.gatehouse.protocol.message.CloseCode;
import dev.gatehouse.protocol.transport.UserDial;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator changes by REST holds for tunnels through every gateway, those that are open too. */
@Timeout(120)
class RightsIT {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MOST_TUNNELS = 6;
    private static final int MOST_SESSIONS = 3;

    private static Target echo;
    private static TunnelRig rig;
    private static Agent agent;
    private static ApiClient admin;
    private static int count;

    @TempDir
    private static Path folder;

    private String user;
    private UserDial dial;

    @BeforeAll
    static void start() throws Exception {
        echo = Target.echo();
        AdminService service = new AdminService();
        rig = new TunnelRig(
                Map.of(
                        "access.tunnelsPerUser", String.valueOf(MOST_TUNNELS),
                        "access.sessionsPerUser", String.valueOf(MOST_SESSIONS)),
                service);
        agent = rig.agent(folder, "one", Map.of("echo", echo.port()));
        admin = new ApiClient(
                ApiUrl.parse("https://127.0.0.1:" + service.port()),
                List.of(rig.authority()),
                Optional.of(rig.token("root", Set.of("administrator"))));
    }

    @AfterAll
    static void stop() {
        admin.close();
        rig.close();
        echo.close();
    }

    /** Each test has a user of its own, with a role of its own that allows everything. */
    @BeforeEach
    void somebody() {
        rig.mend(0);
        rig.mend(1);
        rig.awaitLinks(agent, 2);
        user = "user-" + ++count;
        admin.post("roles", json("{'name': '" + user + "', 'allow': [{'*': '*'}]}"));
        dial = rig.dial(rig.token(user, Set.of(user)));
    }

    @Test
    void aLockEndsTunnelsAtTheOtherGatewayAndWithoutItTheUserIsInAgain() throws Exception {
        // GIVEN a tunnel through the gateway that is not the admin-api's node
        try (Connect connect = rig.connect(dial, "echo", rig.access(1));
                Socket open = connect.socket()) {
            exchange(open);
            // WHEN the user is locked
            JsonNode lock = admin.post("locks", json("{'user': '" + user + "', 'reason': 'left the house'}"));
            // THEN the tunnel ends, and there is no other
            await().until(() -> connect.broken.contains(CloseCode.CUT));
            assertThat(ends(open)).isTrue();
            assertRefused(connect, CloseCode.FORBIDDEN, "user " + user + " is locked: left the house");
            // WHEN the lock is removed THEN the same connect works again
            admin.delete("locks/" + lock.path("id").asText());
            awaitExchange(connect);
        }
    }

    @Test
    void aRoleThatAllowsNoMoreEndsTunnels() throws Exception {
        try (Connect connect = rig.connect(dial, "echo", rig.access(1));
                Socket open = connect.socket()) {
            exchange(open);
            admin.put("roles/" + user, json("{'allow': [{'*': '*'}], 'deny': [{'*': '*'}]}"));
            await().until(() -> connect.broken.contains(CloseCode.CUT));
            assertThat(ends(open)).isTrue();
            assertRefused(connect, CloseCode.FORBIDDEN, "role " + user + " denies it");
            admin.put("roles/" + user, json("{'allow': []}"));
            awaitRefused(connect, "none of the roles " + user + " allows it");
            admin.patch("users/" + user, json("{'roles': ['administrator']}"));
            awaitExchange(connect);
        }
    }

    @Test
    void whoIsDisabledIsSignedOutAndCutOff() throws Exception {
        try (Connect connect = rig.connect(dial, "echo", rig.access(1));
                Socket open = connect.socket()) {
            exchange(open);
            admin.patch("users/" + user, json("{'state': 'disabled'}"));
            await().until(() -> connect.told.contains("not signed in"));
            assertThat(ends(open)).isTrue();
        }
    }

    @Test
    void aSessionIsCutAndAnotherOfTheSameUserGoesOn() throws Exception {
        try (Connect one = rig.connect(dial, "echo", rig.access(1));
                Connect other = rig.connect(dial, "echo", rig.access(0));
                Socket first = one.socket();
                Socket second = other.socket()) {
            exchange(first);
            exchange(second);
            await().until(() -> sessions("active").size() == 2);
            assertThat(session(one, "active").path("resource").asText()).isEqualTo("echo");
            assertThat(session(one, "active").path("tunnels").asInt()).isOne();
            admin.delete("sessions/" + one.session());
            await().until(() -> one.broken.contains(CloseCode.CUT));
            assertThat(ends(first)).isTrue();
            assertRefused(one, CloseCode.FORBIDDEN, "the session is locked: cut by root");
            exchange(second);
            await().until(() ->
                    sessions("active").size() == 1 && sessions("ended").size() == 1);
            assertThat(session(one, "ended").path("endReason").asText())
                    .isEqualTo("the session is locked: cut by root");
        }
    }

    @Test
    void aSessionGoesOnUnderItsIdWhenItsGatewayDiesAndItsBytesAddUp() throws Exception {
        try (Connect connect = rig.connect(dial, "echo", rig.access(0), rig.access(1));
                Socket open = connect.socket()) {
            exchange(open);
            await().until(() -> sessions("active").size() == 1);
            int gateway = connect.told.getFirst().contains(rig.access(0).toString()) ? 0 : 1;
            // WHEN its gateway is cut off
            rig.cut(gateway);
            await().until(() -> connect.told.stream()
                            .filter(told -> told.startsWith("linked"))
                            .count()
                    == 2);
            exchange(open);
            // THEN it is one session, with what went through both
            await().until(() -> bytesUp(connect) == 8);
            await().until(() -> sessions("active").size() == 1);
            rig.mend(gateway);
        }
        // AND when its user has gone, it has ended, and its record has it all
        org.awaitility.Awaitility.await()
                .atMost(TunnelRig.PATIENCE)
                .until(() -> sessions("ended").size() == 1
                        && sessions("ended")
                                .getFirst()
                                .path("endReason")
                                .asText()
                                .equals("closed")
                        && sessions("ended").getFirst().path("bytesDown").asLong() == 8);
        assertThat(sessions("active")).isEmpty();
    }

    @Test
    void nobodyOpensMoreThanTheLimitsAtAllGatewaysTogether() throws Exception {
        List<Connect> connects = new ArrayList<>();
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < MOST_SESSIONS; i++) {
                Connect connect = rig.connect(dial, "echo", rig.access(i % 2));
                connects.add(connect);
                sockets.add(connect.socket());
                exchange(sockets.getLast());
            }
            awaitTooMany(() -> rig.connect(dial, "echo", rig.access(1)), MOST_SESSIONS + " sessions of this user");
            for (int i = MOST_SESSIONS; i < MOST_TUNNELS; i++) {
                sockets.add(connects.getFirst().socket());
                exchange(sockets.getLast());
            }
            awaitRefused(connects.get(1), MOST_TUNNELS + " tunnels of this user are open");
            assertThat(sessions("active")).hasSize(MOST_SESSIONS);
            // WHEN one ends THEN there is room
            sockets.getFirst().close();
            awaitExchange(connects.get(1));
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
            connects.forEach(Connect::close);
        }
    }

    private List<JsonNode> sessions(String state) {
        List<JsonNode> found = new ArrayList<>();
        admin.each("sessions", Map.of("state", state, "user", user), found::add);
        return found;
    }

    /** 0 for the second in which one gateway no longer tells of it and the other does not yet. */
    private long bytesUp(Connect connect) {
        return sessions("active").stream()
                .filter(session ->
                        session.path("id").asText().equals(connect.session().toString()))
                .mapToLong(session -> session.path("bytesUp").asLong())
                .sum();
    }

    private JsonNode session(Connect connect, String state) {
        return sessions(state).stream()
                .filter(session ->
                        session.path("id").asText().equals(connect.session().toString()))
                .findFirst()
                .orElseThrow();
    }

    private static ConditionFactory await() {
        return org.awaitility.Awaitility.await().atMost(TunnelRig.PATIENCE);
    }

    private static void exchange(Socket socket) throws IOException {
        socket.getOutputStream().write(new byte[] {1, 2, 3, 4});
        assertThat(socket.getInputStream().readNBytes(4)).containsExactly(1, 2, 3, 4);
    }

    private static void awaitExchange(Connect connect) {
        await().ignoreExceptions().until(() -> {
            try (Socket socket = connect.socket()) {
                socket.getOutputStream().write(7);
                return socket.getInputStream().read() == 7;
            }
        });
    }

    /** At once: what was told before holds already. */
    private static void assertRefused(Connect connect, CloseCode code, String why) throws IOException {
        int before = connect.broken.size();
        try (Socket socket = connect.socket()) {
            assertThat(ends(socket)).isTrue();
        }
        await().until(() -> connect.broken.size() > before);
        assertThat(connect.broken.getLast()).isEqualTo(code);
        assertThat(connect.told.getLast()).contains(why);
    }

    private static void awaitRefused(Connect connect, String why) {
        await().until(() -> {
            try (Socket socket = connect.socket()) {
                socket.getOutputStream().write(7);
                socket.getInputStream().read();
            } catch (IOException reset) {
                // as good as an end
            }
            return connect.told.getLast().contains(why);
        });
    }

    /** Each time by another session: one that was let through before the others were told of it counts from then on. */
    private static void awaitTooMany(Supplier<Connect> another, String why) {
        org.awaitility.Awaitility.await().atMost(TunnelRig.PATIENCE).until(() -> {
            try (Connect connect = another.get()) {
                try (Socket socket = connect.socket()) {
                    socket.getOutputStream().write(7);
                    if (socket.getInputStream().read() == 7) {
                        return false;
                    }
                } catch (IOException reset) {
                    // as good as an end
                }
                await().until(() -> !connect.broken.isEmpty());
                return connect.broken.getLast() == CloseCode.TOO_MANY
                        && connect.told.getLast().contains(why);
            }
        });
    }

    private static boolean ends(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
