package dev.gatehouse.e2e.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.e2e.local.UpProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A local fleet of real processes, one start for all tests, under a load whose ledger is held against what is stored: each dies, is replaced, is drained, and nothing acknowledged is missing. */
@TestMethodOrder(OrderAnnotation.class)
class FleetIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(100);

    @TempDir
    static Path folder;

    private static UpProcess fleet;
    private static Load load;

    @BeforeAll
    static void start() throws Exception {
        fleet = new UpProcess(
                folder.resolve("home"),
                4_000,
                "fleet",
                "up",
                "--gateways",
                "2",
                "--ingest-workers",
                "2",
                "--background-workers",
                "2",
                "--admin-apis",
                "1");
        fleet.start();
        load = new Load(fleet.at("watched/load.log"), fleet.at("agent/ledger.jsonl"));
        JsonObject ready = fleet.ready();
        done(fleet.run(
                "login",
                "--url",
                ready.getString("adminUrl"),
                "--user",
                ready.getString("adminUser"),
                "--ca-pin",
                ready.getString("caPin")));
    }

    @AfterAll
    static void stop() {
        load.close();
        fleet.close();
    }

    @Test
    @Order(1)
    void saysWhatRunsAndHowItIs() throws Exception {
        assertThat(pids().keySet())
                .containsExactlyInAnyOrder(
                        "gateway-1",
                        "gateway-2",
                        "ingest-worker-1",
                        "ingest-worker-2",
                        "background-worker-1",
                        "background-worker-2",
                        "admin-api-1",
                        "postgres",
                        "redis",
                        "demo");
        load.awaitAcknowledged("at all");
        await("two links, a master and good health")
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .untilAsserted(() -> {
                    JsonObject status = status();
                    assertThat(status.getString("master")).startsWith("background-worker-");
                    assertThat(status.getJsonObject("quorum").getBoolean("held"))
                            .isTrue();
                    assertThat(processes(status).values())
                            .allMatch(process -> process.getString("ready").equals("yes"));
                    assertThat(processes(status).get("gateway-1").getInteger("links"))
                            .isEqualTo(1);
                    assertThat(processes(status).get("gateway-2").getInteger("links"))
                            .isEqualTo(1);
                });
    }

    @Test
    @Order(2)
    void nothingAcknowledgedIsLostWhateverIsKilled() throws Exception {
        for (String name : List.of("ingest-worker-1", "gateway-1", "admin-api-1", "redis", "postgres")) {
            done(fleet("kill", name));
            assertThat(processes(status()).get(name).getString("state")).isEqualTo("stopped");
            done(fleet("start", name));
            load.awaitAcknowledged("after " + name + " was killed and started");
        }
        verifyLedger();
    }

    @Test
    @Order(3)
    void whatDiesByItselfIsStartedAgainAndAnotherIsTheMaster() throws Exception {
        String master = await("a master")
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() -> status().getString("master"), name -> !name.isEmpty());
        long pid = pids().get(master);
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        await("a new process")
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() -> pids().get(master) != pid && pids().get(master) != 0);
        assertThat(status().getString("master")).startsWith("background-worker-");
    }

    @Test
    @Order(4)
    void pauseResumeAndNamesThatAreNotThere() throws Exception {
        done(fleet("pause", "redis"));
        assertThat(processes(status()).get("redis").getString("state")).isEqualTo("paused");
        load.awaitAcknowledged("while Redis is frozen");
        assertThat(fleet("start", "redis").out()).contains("cannot start redis: it is paused");
        done(fleet("resume", "redis"));
        UpProcess.Output unknown = fleet("kill", "gatway-1");
        assertThat(unknown.status()).isEqualTo(1);
        assertThat(unknown.out()).contains("did you mean gateway-1?");
        assertThat(fleet.run("fleet", "status", "--home", folder.resolve("none").toString())
                        .status())
                .isEqualTo(4);
        assertThat(fleet.run("fleet", "up", "--enclaves", "1").status()).isEqualTo(2);
    }

    @Test
    @Disabled(
            "after the kills before it, a drained gateway said gone and was not seen as stopped within 2 minutes, once; open")
    @Order(5)
    void aDrainedGatewaySendsItsAgentElsewhereAndLeaves() throws Exception {
        UpProcess.Output drained = fleet.run("drain", "gateway-2");
        done(drained);
        assertThat(drained.out()).contains("gateway-2 has gone");
        await("the process has left")
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() ->
                        processes(status()).get("gateway-2").getString("state").equals("stopped"));
        load.awaitAcknowledged("after a gateway has left");
        done(fleet("start", "gateway-2"));
        String log = java.nio.file.Files.readString(fleet.at("logs/gateway-2.log"));
        assertThat(log)
                .contains("Told to drain by admin")
                .containsSubsequence(
                        "Shutdown: say draining",
                        "Shutdown: wait until balancers have taken note",
                        "Shutdown: send agents elsewhere",
                        "Shutdown: wait for batches in flight",
                        "Shutdown: leave the cluster");
    }

    @Test
    @Order(6)
    void everyServiceIsReplacedOneByOneAndNothingIsLost() throws Exception {
        Map<String, Long> before = pids();
        UpProcess.Output upgraded =
                fleet.run("upgrade", "--all", "--home", fleet.at("").toString());
        done(upgraded);
        assertThat(upgraded.out()).contains("1/7 background-worker-1: ready", "7/7 admin-api-1: ready");
        Map<String, Long> after = pids();
        assertThat(after.entrySet())
                .filteredOn(entry -> entry.getKey().matches("(gateway|ingest-worker|background-worker|admin-api)-\\d"))
                .hasSize(7)
                .allMatch(entry -> !entry.getValue().equals(before.get(entry.getKey())));
        load.awaitAcknowledged("after the upgrade");
        verifyLedger();
    }

    @Test
    @Order(7)
    void aKilledLauncherIsCleanedUpByTheNextStartAndInterruptLeavesNothing() throws Exception {
        Map<String, Long> orphans = pids();
        fleet.killNine();
        fleet.start();
        assertGone(orphans);
        load.awaitAcknowledged("after the launcher was killed");
        verifyLedger();
        Map<String, Long> last = pids();
        fleet.interrupt();
        assertGone(last);
        assertThat(fleet.at("ready.json")).doesNotExist();
        assertThat(fleet.at("fleet.json")).doesNotExist();
    }

    private static void assertGone(Map<String, Long> pids) {
        assertThat(pids.values())
                .noneMatch(pid ->
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent());
    }

    private static void verifyLedger() throws IOException, InterruptedException {
        UpProcess.Output verified =
                fleet.run("verify", "--ledger", fleet.at("agent/ledger.jsonl").toString());
        done(verified);
        assertThat(verified.out()).contains("0 missing, 0 different, 0 duplicated");
    }

    private static UpProcess.Output fleet(String action, String name) throws IOException, InterruptedException {
        return fleet.run("fleet", action, name, "--home", fleet.at("").toString());
    }

    private static void done(UpProcess.Output output) {
        assertThat(output.status()).as(output.out()).isZero();
    }

    private static JsonObject status() throws IOException, InterruptedException {
        UpProcess.Output status = fleet.run(
                "fleet", "status", "-o", "json", "--home", fleet.at("").toString());
        done(status);
        return new JsonObject(status.out());
    }

    private static Map<String, JsonObject> processes(JsonObject status) {
        return status.getJsonArray("processes").stream()
                .map(JsonObject.class::cast)
                .collect(Collectors.toMap(process -> process.getString("name"), process -> process));
    }

    /** As {@code ready.json} has them. */
    private static Map<String, Long> pids() throws IOException {
        return fleet.ready().getJsonArray("processes").stream()
                .map(JsonObject.class::cast)
                .collect(Collectors.toMap(process -> process.getString("name"), process -> process.getLong("pid")));
    }
}
