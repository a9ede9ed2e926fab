package dev.gatehouse.e2e.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.agent.Agent;
import dev.gatehouse.agent.enrol.EnrolClient;
import dev.gatehouse.agent.enrol.EnrolException;
import dev.gatehouse.agent.settings.AgentSettings;
import dev.gatehouse.agent.source.tail.TailSettings;
import dev.gatehouse.agent.source.watch.WatchSettings;
import dev.gatehouse.e2e.local.Rest;
import dev.gatehouse.e2e.local.UpProcess;
import dev.gatehouse.e2e.nemesis.Load.Source;
import dev.gatehouse.protocol.identity.Pin;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The demo agent of a fleet and some more in this JVM, all with ledgers, under a load; and whether what the load has written is what is stored. */
public final class Crowd implements AutoCloseable {

    private static final long LIMIT_SECONDS = 60;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int SHOWN = 5;
    private static final Duration POLL = Duration.ofSeconds(1);

    private final Vertx vertx = Vertx.vertx();
    private final List<Agent> agents = new ArrayList<>();
    private final List<Source> sources = new ArrayList<>();
    private final Oracle oracle = new Oracle();
    private final Instant begun = Instant.now();
    private final Load load;

    /**
     * Enrols and starts the agents, and begins to write.
     *
     * @param folder for what the agents keep
     * @param token for so many agents
     */
    public Crowd(UpProcess fleet, Path folder, String token, int count)
            throws IOException, EnrolException, InterruptedException, TimeoutException {
        JsonObject ready = fleet.ready();
        sources.add(new Source(
                "demo", fleet.at("watched/load.log"), fleet.at("watched"), fleet.at("agent/ledger.jsonl")));
        for (int number = 1; number <= count; number++) {
            start(folder.resolve("crowd-" + number), "crowd-" + number, ready, token);
        }
        load = new Load(sources, oracle, Files.createDirectories(folder.resolve("scratch")));
    }

    private void start(Path folder, String name, JsonObject ready, String token)
            throws IOException, EnrolException, InterruptedException, TimeoutException {
        Source source = new Source(
                name,
                Files.createDirectories(folder.resolve("logs")).resolve("load.log"),
                Files.createDirectories(folder.resolve("files")),
                folder.resolve("ledger.jsonl"));
        Path state = Files.createDirectories(folder.resolve("agent"));
        EnrolClient.enrol(URI.create(ready.getString("accessUrl")), token, Pin.parse(ready.getString("caPin")), name)
                .save(state);
        AgentSettings settings = AgentSettings.DEFAULT.withSources(
                List.of(new TailSettings(List.of(source.log().toString()), "")),
                List.of(new WatchSettings(List.of(source.files().toString()), WatchSettings.IGNORED)));
        agents.add(Agent.start(vertx, state, settings, Optional.of(source.ledger()))
                .await(LIMIT_SECONDS, TimeUnit.SECONDS));
        sources.add(source);
    }

    public void awaitAcknowledged(String when) {
        load.awaitAcknowledged(when);
    }

    public List<Path> ledgers() {
        return sources.stream().map(Source::ledger).toList();
    }

    /** Waits until what the load has written until now is stored, as far as it will be, and fails unless all of it is, once and as it was written. */
    public void assertStoredOnce(JsonObject ready) throws Exception {
        load.pause();
        try (Rest rest = Rest.signIn(ready)) {
            await("what was written to be stored")
                    .atMost(PATIENCE)
                    .pollInterval(POLL)
                    .untilAsserted(() -> assertThat(oracle.against(stored(rest)).missing())
                            .isEmpty());
            Oracle.Findings findings = oracle.against(stored(rest));
            assertThat(findings.good()).as(findings::toString).isTrue();
        } finally {
            load.go();
        }
    }

    /** A file may be captured twice, when its agent was killed in between: its ledger tells whether a chunk is. */
    private List<String> stored(Rest rest) throws IOException, InterruptedException {
        List<String> stored = new ArrayList<>();
        for (JsonObject event : events(rest)) {
            stored.add(event.getString("text"));
        }
        rest.all("streams?limit=1000&kind=file").stream()
                .filter(stream -> stream.getString("name").endsWith(Load.FILE) && stream.getString("sha256") != null)
                .map(stream -> stream.getString("name") + " " + stream.getString("sha256"))
                .distinct()
                .forEach(stored::add);
        return stored;
    }

    private List<JsonObject> events(Rest rest) throws IOException, InterruptedException {
        return rest
                .all("events?limit=1000&kind=log&from=" + begun)
                .stream()
                .filter(event -> event.getString("text").endsWith(Load.LINE))
                .toList();
    }

    /** Of what was captured since then and until now, the chunks that were acknowledged latest. */
    public List<Lateness.Late> latest(JsonObject ready, Instant from) throws Exception {
        Instant to = Instant.now();
        assertStoredOnce(ready);
        Lateness lateness = new Lateness();
        try (Rest rest = Rest.signIn(ready)) {
            for (JsonObject event : events(rest)) {
                String id = event.getString("id"); // stream/sequence/index
                lateness.event(id.substring(0, id.lastIndexOf('/')), Instant.parse(event.getString("time")));
            }
        }
        for (Path ledger : ledgers()) {
            for (String line : Files.readAllLines(ledger)) {
                JsonObject ack = new JsonObject(line);
                lateness.ack(
                        ack.getString("stream") + "/" + ack.getLong("sequence"), Instant.parse(ack.getString("time")));
            }
        }
        return lateness.latest(from, to, SHOWN);
    }

    @Override
    public void close() throws TimeoutException {
        load.close();
        for (Agent agent : agents) {
            agent.close().await(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
        vertx.close().await(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
}
