package dev.gatehouse.e2e.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.e2e.local.UpProcess;
import dev.gatehouse.e2e.nemesis.Crowd;
import dev.gatehouse.e2e.nemesis.Lateness;
import dev.gatehouse.e2e.nemesis.Run;
import dev.gatehouse.e2e.nemesis.Ways;
import dev.gatehouse.standalone.fleet.OpenFleet;
import dev.gatehouse.standalone.home.Ports;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A local fleet of real processes, one start for all tests, under a load whose ledgers are held against what is stored: whatever happens to it, nothing acknowledged is missing, and what was captured is stored once.
 *
 * <p>A minute of nemeses by default, an hour by {@code -Dgatehouse.long=true}, any length by {@code -Dgatehouse.seconds=N}; {@code -Dgatehouse.seed=N} replays a schedule.
 */
@TestMethodOrder(OrderAnnotation.class)
class FleetIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(100);

    /** A bound for a busy machine; a quiet one is well below the 3 s that are promised. */
    private static final Duration LATE = Duration.ofSeconds(12);

    private static final int PORT_OFFSET = 6_000;
    private static final int AGENTS = 3;

    /** In its first minute something happens to every process and way: a gateway and a worker are killed, a worker is frozen. */
    private static final long SEED = 75;

    @TempDir
    static Path folder;

    private static Ways ways;
    private static UpProcess fleet;
    private static OpenFleet open;
    private static Crowd crowd;

    @BeforeAll
    static void start() throws Exception {
        ways = new Ways(new Ports(PORT_OFFSET), 2);
        List<String> command = new ArrayList<>(List.of("fleet", "up", "--gateways", "2", "--ingest-workers", "2"));
        command.addAll(List.of("--background-workers", "2", "--admin-apis", "1", "--store", "s3"));
        command.addAll(ways.options());
        fleet = new UpProcess(folder.resolve("home"), PORT_OFFSET, command.toArray(String[]::new));
        fleet.start();
        open = new OpenFleet(fleet.at(""));
        JsonObject ready = fleet.ready();
        done(fleet.run(
                "login",
                "--url",
                ready.getString("adminUrl"),
                "--user",
                ready.getString("adminUser"),
                "--ca-pin",
                ready.getString("caPin")));
        UpProcess.Output token = fleet.run("tokens", "create", "--uses", Integer.toString(AGENTS));
        done(token);
        String secret = token.out()
                .lines()
                .filter(line -> !line.contains(" "))
                .findFirst()
                .orElseThrow();
        crowd = new Crowd(fleet, folder, secret, AGENTS);
    }

    @AfterAll
    static void stop() throws Exception {
        if (crowd != null) {
            crowd.close();
        }
        fleet.close();
        ways.close();
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
                        "s3",
                        "demo");
        crowd.awaitAcknowledged("at all");
        await("two links of each agent")
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .untilAsserted(() -> assertThat(processes(open.status()).values())
                        .filteredOn(process -> process.getString("role").equals("gateway"))
                        .extracting(process -> process.getInteger("links"))
                        .containsExactly(AGENTS + 1, AGENTS + 1));
        UpProcess.Output printed = fleet.run(
                "fleet", "status", "-o", "json", "--home", fleet.at("").toString());
        done(printed);
        JsonObject status = new JsonObject(printed.out());
        assertThat(status.getString("master")).startsWith("background-worker-");
        assertThat(status.getJsonObject("quorum").getBoolean("held")).isTrue();
        assertThat(processes(status).values())
                .allMatch(process -> process.getString("ready").equals("yes"));
    }

    @Test
    @Order(2)
    void whateverIsKilledFrozenCutOffOrSlowNothingIsLostOrStoredTwice() throws Exception {
        long standard = Boolean.getBoolean("gatehouse.long") ? 3_600 : 60;
        Duration length = Duration.ofSeconds(Long.getLong("gatehouse.seconds", standard));
        Run run = Run.of(open, ways, Long.getLong("gatehouse.seed", SEED), length);
        try {
            run.toItsEnd();
            await("a whole fleet").atMost(PATIENCE).pollInterval(POLL).until(run::isWhole);
            crowd.awaitAcknowledged("when all is well again");
            crowd.assertStoredOnce(fleet.ready());
            verifyLedgers();
        } catch (Exception | AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + run, e);
        }
        System.out.println(run);
    }

    @Test
    @Order(3)
    void whatDiesByItselfIsStartedAgainAndAnotherIsTheMaster() throws Exception {
        String master = awaitMaster(name -> !name.isEmpty());
        long pid = pids().get(master);
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        awaitMaster(name -> !name.isEmpty() && !name.equals(master));
        await("a new process")
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() -> pids().get(master) != pid && pids().get(master) != 0);
    }

    private static String awaitMaster(Predicate<String> fitting) {
        return await("a master")
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() -> open.status().getString("master"), fitting);
    }

    @Test
    @Order(4)
    void pauseResumeKillStartAndNamesThatAreNotThere() throws Exception {
        done(command("pause", "redis"));
        assertThat(state("redis")).isEqualTo("paused");
        crowd.awaitAcknowledged("while Redis is frozen");
        assertThat(command("start", "redis").out()).contains("cannot start redis: it is paused");
        done(command("resume", "redis"));
        done(command("kill", "background-worker-2"));
        assertThat(state("background-worker-2")).isEqualTo("stopped");
        done(command("start", "background-worker-2"));
        UpProcess.Output unknown = command("kill", "gatway-1");
        assertThat(unknown.status()).isEqualTo(1);
        assertThat(unknown.out()).contains("did you mean gateway-1?");
        assertThat(fleet.run("fleet", "status", "--home", folder.resolve("none").toString())
                        .status())
                .isEqualTo(4);
        assertThat(fleet.run("fleet", "up", "--enclaves", "1").status()).isEqualTo(2);
    }

    @Test
    @Order(5)
    void aDrainedGatewaySendsItsAgentsElsewhereAndLeaves() throws Exception {
        UpProcess.Output drained = fleet.run("drain", "gateway-2");
        done(drained);
        assertThat(drained.out()).contains("gateway-2 has gone");
        await("the process to leave")
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() -> state("gateway-2").equals("stopped"));
        crowd.awaitAcknowledged("after a gateway has left");
        open.start("gateway-2");
        assertThat(Files.readString(fleet.at("logs/gateway-2.log")))
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
        Instant begun = Instant.now();
        UpProcess.Output upgraded =
                fleet.run("upgrade", "--all", "--home", fleet.at("").toString());
        done(upgraded);
        assertThat(upgraded.out()).contains("1/7 background-worker-1: ready", "7/7 admin-api-1: ready");
        assertThat(pids().entrySet())
                .filteredOn(entry -> entry.getKey().matches("(gateway|ingest-worker|background-worker|admin-api)-\\d"))
                .hasSize(7)
                .allMatch(entry -> !entry.getValue().equals(before.get(entry.getKey())));
        crowd.awaitAcknowledged("after the upgrade");
        List<Lateness.Late> latest = crowd.latest(fleet.ready(), begun);
        System.out.println("acknowledged latest while every service was replaced: " + latest);
        assertThat(latest.getFirst().by()).as(latest::toString).isLessThan(LATE);
        verifyLedgers();
    }

    @Test
    @Order(7)
    void aKilledLauncherIsCleanedUpByTheNextStartAndInterruptLeavesNothing() throws Exception {
        Map<String, Long> orphans = pids();
        fleet.killNine();
        fleet.start();
        assertGone(orphans);
        crowd.awaitAcknowledged("after the launcher was killed");
        verifyLedgers();
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

    /** All at once: a command for each would take as long again as it takes to look. */
    private static void verifyLedgers() throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        for (Path ledger : crowd.ledgers()) {
            lines.addAll(Files.readAllLines(ledger));
        }
        Path all = Files.write(folder.resolve("ledgers.jsonl"), lines);
        UpProcess.Output verified = fleet.run("verify", "--ledger", all.toString());
        done(verified);
        assertThat(verified.out()).contains("0 missing, 0 different, 0 duplicated");
    }

    private static UpProcess.Output command(String action, String name) throws IOException, InterruptedException {
        return fleet.run("fleet", action, name, "--home", fleet.at("").toString());
    }

    private static void done(UpProcess.Output output) {
        assertThat(output.status()).as(output.out()).isZero();
    }

    private static String state(String name) {
        return open.processes().get(name).getString("state");
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
