package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatehouse.gateway.testing.TestAgent;
import dev.gatehouse.gateway.testing.TestGateway;
import dev.gatehouse.protocol.identity.Signatures;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.Health;
import dev.gatehouse.protocol.message.Heartbeat;
import dev.gatehouse.protocol.message.Registered;
import dev.gatehouse.protocol.message.RegisteredResource;
import dev.gatehouse.protocol.message.Resource;
import dev.gatehouse.protocol.message.ResourceHealth;
import dev.gatehouse.protocol.message.Resources;
import dev.gatehouse.protocol.message.Watch;
import dev.gatehouse.protocol.message.WatchedLabel;
import dev.gatehouse.shared.bus.Addresses;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.custody.BusCustody;
import dev.gatehouse.shared.record.ResourceRecord;
import dev.gatehouse.shared.record.ResourceRecords;
import dev.gatehouse.shared.testing.TestNode;
import dev.gatehouse.shared.trust.Topic;
import dev.gatehouse.shared.trust.Topics;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What agents offer, as two gateways of one cluster know it. */
class ResourcesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static TestGateway one;
    private static TestGateway two;

    @BeforeAll
    static void start() {
        one = TestGateway.start(Map.of(), Role.GATEWAY);
        two = one.beside();
    }

    @AfterAll
    static void stop() {
        two.close();
        one.close();
    }

    @Test
    void whatOneGatewaysAgentOffersBothKnowUntilItGoes() {
        try (TestAgent agent = one.enrolled()) {
            // GIVEN an agent that is linked to one of two gateways
            agent.connect(two.agentPort()).greet();
            agent.send(offers(Health.HEALTH_UNKNOWN, "db-1", "echo-1"));
            // THEN both know what it offers
            awaitStanding("db-1", "unknown");
            awaitStanding("echo-1", "unknown");
            // WHEN a heartbeat says that one of them is well, and how many use it
            agent.send(Control.newBuilder()
                    .setHeartbeat(Heartbeat.newBuilder()
                            .addHealth(ResourceHealth.newBuilder()
                                    .setName("db-1")
                                    .setHealth(Health.HEALTHY)
                                    .setTunnels(3)))
                    .build());
            // THEN both know that, too
            awaitStanding("db-1", "healthy");
            assertThat(explain("db-1").getJsonArray("replicas").getJsonObject(0).getInteger("load"))
                    .isEqualTo(3);
            // WHEN it does not offer it any more
            agent.send(offers(Health.HEALTHY, "echo-1"));
            awaitStanding("db-1", "");
            awaitStanding("echo-1", "healthy");
            assertThat(awaitListed("echo-1", ResourceRecord.Health.HEALTHY).replicas().getFirst().agentId())
                    .isEqualTo(agent.agentId);
        }
        // WHEN it goes THEN nobody can reach it, and it stays listed
        awaitStanding("echo-1", "");
        awaitListed("echo-1", ResourceRecord.Health.OFFLINE);
        assertThat(listed("db-1")).isEmpty();
    }

    @Test
    void aGatewayThatComesLaterKnowsAtOnceAndOneThatLeavesTakesItsListWithIt() {
        TestGateway three = one.beside();
        try (TestAgent agent = one.agent();
                TestAgent other = one.agent()) {
            agent.connect(one.agentPort()).greet();
            agent.send(offers(Health.HEALTHY, "late"));
            other.connect(three.agentPort()).greet();
            other.send(offers(Health.HEALTHY, "leaves"));
            awaitStanding("leaves", "healthy", one, two, three);
            TestGateway four = one.beside();
            awaitStanding("late", "healthy", one, two, three, four);
            awaitStanding("leaves", "healthy", one, two, three, four);
            three.close();
            awaitStanding("leaves", "", one, two, four);
            awaitStanding("late", "healthy", one, two, four);
            four.close();
        }
    }

    /** Redis is a copy: emptying it removes nothing, and it is full again after a round. */
    @Test
    void anEmptiedRedisRemovesNothing() {
        try (TestAgent agent = one.agent()) {
            agent.connect(one.agentPort()).greet();
            agent.send(offers(Health.HEALTHY, "copied"));
            awaitStanding("copied", "healthy");
            String key = "catalog:gateway:" + one.node().id();
            await().atMost(PATIENCE).until(() -> fields(key) > 0);
            TestNode.get(one.node().redis().send(Command.DEL, key));
            awaitStanding("copied", "healthy");
            await().atMost(PATIENCE).until(() -> fields(key) > 0);
        }
    }

    private static long fields(String key) {
        return TestNode.get(one.node().redis().send(Command.HLEN, key)).toLong();
    }

    @Test
    void registeredResourcesAreToldToThoseThatWatchForThem() throws InvalidProtocolBufferException {
        try (TestAgent watching = one.agent();
                TestAgent other = one.agent()) {
            // GIVEN an agent that watches for test resources, and one that does not watch
            watching.connect(one.agentPort()).greet();
            watching.send(Control.newBuilder()
                    .setResources(Resources.newBuilder()
                            .addWatch(Watch.newBuilder()
                                    .addLabels(WatchedLabel.newBuilder()
                                            .setKey("env")
                                            .addValues("test-*"))))
                    .build());
            other.connect(one.agentPort()).greet();
            other.send(offers(Health.HEALTHY, "other"));
            // THEN it is told that there are none
            await().atMost(PATIENCE).until(() -> registered(watching).size() == 1);
            assertThat(registered(watching).getFirst().getResourcesList()).isEmpty();
            // WHEN two are registered
            register("wanted", "test-1");
            register("unwanted", "prod");
            // THEN it is told of the one that it watches for, signed by the CA
            await().atMost(PATIENCE).until(() -> registered(watching).getLast().getResourcesCount() == 1);
            Registered told = registered(watching).getLast();
            assertThat(told.getFirst() && told.getLast()).isTrue();
            assertThat(RegisteredResource.parseFrom(told.getResources(0).getStatement()).getName())
                    .isEqualTo("wanted");
            assertThat(Signatures.resourceMatches(
                            one.trust().nodesCa(),
                            Buffer.buffer(told.getResources(0).getStatement().toByteArray()),
                            Buffer.buffer(told.getResources(0).getSignature().toByteArray())))
                    .isTrue();
            // AND the other one of nothing
            assertThat(registered(other)).isEmpty();
        }
    }

    @Test
    void resourcesBeyondTheirLimitsEndTheLink() {
        try (TestAgent agent = one.agent()) {
            agent.connect(one.agentPort()).greet();
            agent.send(offers(Health.HEALTHY, "no name"));
            assertThat(agent.error().getCode()).isEqualTo(ErrorCode.BAD_MESSAGE);
            assertThat(agent.error().getDetail()).startsWith("RESOURCES.name 'no name'; 1 to 63 of A-Z");
        }
    }

    private static List<Registered> registered(TestAgent agent) {
        return agent.controls.stream()
                .filter(Control::hasRegistered)
                .map(Control::getRegistered)
                .toList();
    }

    /** As admin-api does it. */
    private static void register(String name, String env) {
        Buffer statement = Buffer.buffer(RegisteredResource.newBuilder()
                .setName(name)
                .putLabels("env", env)
                .build()
                .toByteArray());
        Buffer signature = TestNode.get(new BusCustody(one.node().vertx()).signResource(statement));
        TestNode.get(one.node().postgres().withTransaction(transaction -> transaction
                .preparedQuery("insert into registered_resource (name, kind, uri, labels, weight, statement, signature,"
                        + " created_by) values ($1, 'tcp', 'tcp://x:1', $2, 1, $3, $4, 'test')")
                .execute(Tuple.of(name, JsonObject.of("env", env), statement, signature))
                .compose(added -> Topics.bump(transaction, Topic.RESOURCES))));
    }

    private static Control offers(Health health, String... names) {
        Resources.Builder resources = Resources.newBuilder();
        for (String name : names) {
            resources.addResources(Resource.newBuilder()
                    .setName(name)
                    .setKind("tcp")
                    .setWeight(1)
                    .setHealth(ResourceHealth.newBuilder().setHealth(health)));
        }
        return Control.newBuilder().setResources(resources).build();
    }

    private static JsonObject explain(String name) {
        return TestNode.get(one.node()
                        .vertx()
                        .eventBus()
                        .<JsonObject>request(Addresses.EXPLAIN, JsonObject.of("resource", name)))
                .body();
    }

    private static void awaitStanding(String name, String standing) {
        awaitStanding(name, standing, one, two);
    }

    /** Until each of the gateways, which are asked in turn, sees it so; empty: sees nobody. */
    private static void awaitStanding(String name, String standing, TestGateway... gateways) {
        Map<String, String> seen = new HashMap<>();
        Set<String> ids = new java.util.HashSet<>();
        for (TestGateway gateway : gateways) {
            ids.add(gateway.node().id());
        }
        await().atMost(PATIENCE).until(() -> {
            JsonObject answer = explain(name);
            seen.put(
                    answer.getString("gateway"),
                    answer.getJsonArray("replicas").isEmpty()
                            ? ""
                            : answer.getJsonArray("replicas").getJsonObject(0).getString("standing"));
            return ids.stream().allMatch(id -> standing.equals(seen.get(id)));
        });
    }

    private static java.util.Optional<ResourceRecord> listed(String name) {
        return TestNode.get(new ResourceRecords(one.node().postgres()).get(name));
    }

    private static ResourceRecord awaitListed(String name, ResourceRecord.Health health) {
        await().atMost(PATIENCE).until(() -> listed(name)
                .map(resource -> resource.replicas().size() == 1
                        && resource.replicas().getFirst().health() == health)
                .orElse(false));
        return listed(name).orElseThrow();
    }
}
