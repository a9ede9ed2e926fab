package dev.gatehouse.bench.access;

import dev.gatehouse.bench.links.ProcessFigures;
import dev.gatehouse.bench.target.BenchException;
import dev.gatehouse.bench.target.Rest;
import dev.gatehouse.bench.target.Target;
import dev.gatehouse.bench.target.TemporaryFolder;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.identity.Pin;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An agent and a {@code connect} as processes of their own, and what goes through them, with the direct way measured in the same run. */
final class AccessLoad {

    private static final double MEGABYTE = 1e6;
    private static final double GIGABYTE = 1e9;
    private static final int SESSIONS_AT_ONCE = 16;
    private static final int BULK = 16;
    private static final String RESOURCE = "bench-access";

    private final Target gatehouse;
    private final int seconds;
    private final List<Integer> streams;

    AccessLoad(Target gatehouse, int seconds, List<Integer> streams) {
        this.gatehouse = gatehouse;
        this.seconds = seconds;
        this.streams = streams;
    }

    JsonObject run() throws BenchException, InterruptedException {
        try (TemporaryFolder temporary = new TemporaryFolder("gatehouse-bench-access");
                BenchServer server = new BenchServer()) {
            Path folder = temporary.path();
            enrol(folder, server.port());
            signIn(folder);
            Map<String, String> signedIn =
                    Map.of("GATEHOUSE_CONFIG_DIR", folder.resolve("config").toString());
            try (Child agent = new Child(
                            folder.resolve("agent.out"), Map.of(), "agent", "run", "--dir", agentFolder(folder));
                    Child connect = new Child(
                            folder.resolve("connect.out"),
                            signedIn,
                            "connect",
                            RESOURCE,
                            "--access",
                            gatehouse.accessUrl())) {
                String address = connect.await(said -> said.contains("127.0.0.1:") && said.endsWith("\n"));
                int port = Integer.parseInt(
                        address.strip().substring(address.lastIndexOf(':') + 1).strip());
                Thread.sleep(3_000); // the agent links
                JsonObject result = new JsonObject().put("direct", measured(server.port(), 0, 0));
                try {
                    return result.put("tunnel", measured(port, gatehouse.pid(), agent.pid()));
                } catch (BenchException e) {
                    throw new BenchException(e.getMessage() + "; connect says: " + connect.text());
                }
            }
        } catch (IOException e) {
            throw new BenchException("the server behind the agent", e);
        }
    }

    private JsonObject measured(int port, long gatewayPid, long agentPid) throws BenchException, InterruptedException {
        Streams way = new Streams(port, seconds);
        JsonObject result = new JsonObject();
        for (int count : streams) {
            for (boolean down : List.of(true, false)) {
                long cpu = cpuMillis(gatewayPid) + cpuMillis(agentPid);
                long begun = System.nanoTime();
                double rate = way.bytesPerSecond(count, down);
                double bytes = rate * (System.nanoTime() - begun) / 1e9;
                long used = cpuMillis(gatewayPid) + cpuMillis(agentPid) - cpu;
                String name = (down ? "down" : "up") + count;
                result.put(name + "MBps", Math.round(rate / MEGABYTE));
                if (gatewayPid != 0) {
                    result.put(name + "CpuSecondsPerGB", Math.round(used / 10.0 / (bytes / GIGABYTE)) / 100.0);
                }
                System.err.printf(
                        "bench: %s %s: %.0f MB/s%n", gatewayPid == 0 ? "direct" : "tunnel", name, rate / MEGABYTE);
            }
        }
        return result.put("roundTripMicros", way.roundTrips(0))
                .put("roundTripBesideBulkMicros", way.roundTrips(BULK))
                .put("sessionsPerSecond", Math.round(way.sessionsPerSecond(SESSIONS_AT_ONCE)));
    }

    private static long cpuMillis(long pid) {
        return pid == 0 ? 0 : ProcessFigures.of(pid).cpuMillis();
    }

    private void enrol(Path folder, int port) throws BenchException, InterruptedException, IOException {
        String token;
        try (Rest rest = new Rest(gatehouse)) {
            token = rest.post("join-tokens", new JsonObject().put("uses", 1).put("ttlSeconds", 600))
                    .getString("token");
        }
        try (Child enrolment = new Child(
                folder.resolve("enroll.out"),
                Map.of(),
                "agent",
                "enroll",
                "--url",
                gatehouse.accessUrl(),
                "--token",
                token,
                "--ca-pin",
                Pin.of(gatehouse.trust().getFirst()).toString(),
                "--name",
                RESOURCE + "-" + System.currentTimeMillis(),
                "--dir",
                agentFolder(folder))) {
            enrolment.awaitEnd();
        }
        Files.writeString(
                Path.of(agentFolder(folder), "agent.yaml"),
                "resources:\n  - {name: " + RESOURCE + ", kind: tcp, uri: \"tcp://127.0.0.1:" + port + "\"}\n");
    }

    private void signIn(Path folder) throws BenchException, InterruptedException, IOException {
        Path ca = Files.writeString(folder.resolve("ca.pem"), Pem.text(gatehouse.trust()));
        try (Child login = new Child(
                folder.resolve("login.out"),
                Map.of(
                        "GATEHOUSE_CONFIG_DIR", folder.resolve("config").toString(),
                        "GATEHOUSE_PASSWORD", gatehouse.password()),
                "login",
                "--url",
                gatehouse.adminUrl(),
                "--user",
                gatehouse.user(),
                "--ca-file",
                ca.toString())) {
            login.awaitEnd();
        }
    }

    private static String agentFolder(Path folder) {
        return folder.resolve("agent").toString();
    }
}
