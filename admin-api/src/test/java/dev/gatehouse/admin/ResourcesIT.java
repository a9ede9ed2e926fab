package dev.gatehouse.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.identity.Signatures;
import dev.gatehouse.shared.bus.Addresses;
import dev.gatehouse.shared.presence.OfferedResources;
import dev.gatehouse.shared.presence.ResourceTable;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ResourcesIT {

    private static final Api api = Api.start();
    private static final Captured captured = new Captured(api.node.node());

    @AfterAll
    static void close() {
        api.close();
    }

    @Test
    void listsResourcesWithTheirReplicasAlsoOfAgentsThatAreAway() {
        UUID here = captured.agent("res-here", Instant.now());
        UUID away = captured.agent("res-away", Instant.now().minusSeconds(60));
        offer(here, offered("list-db", "postgres", "env", "prod"), offered("list-echo", "tcp", "env", "test-1"));
        offer(away, offered("list-db", "postgres", "env", "prod"));

        List<JsonObject> all = api.items("resources?name=LIST-");
        assertThat(all).extracting(resource -> resource.getString("name")).containsExactly("list-db", "list-echo");
        JsonObject db = api.json("resources/list-db");
        assertThat(db.getString("kind")).isEqualTo("postgres");
        assertThat(db.getJsonObject("labels")).isEqualTo(JsonObject.of("env", "prod"));
        assertThat(replicas(db))
                .extracting(replica -> replica.getString("agentName") + " " + replica.getString("health") + " "
                        + replica.getInteger("load"))
                .containsExactly("res-away offline 0", "res-here healthy 2");
        assertThat(api.items("resources?name=list-&kind=tcp")).hasSize(1);
        assertThat(api.items("resources?name=list-&labels=env=prod")).hasSize(1);
        assertThat(api.items("resources?name=list-&labels=env=prod,env=test-*")).hasSize(2);
        assertThat(api.items("resources?name=list-&labels=env=%5E(prod%7Cdev)%24"))
                .hasSize(1);
        // pages
        JsonObject first = api.json("resources?name=list-&limit=1");
        assertThat(api.items("resources?name=list-&limit=1&cursor=" + first.getString("nextCursor")))
                .extracting(resource -> resource.getString("name"))
                .containsExactly("list-echo");
        // what an agent no longer offers goes; what a revoked one has offered, too
        offer(here, offered("list-db", "postgres", "env", "prod"));
        assertThat(api.get("resources/list-echo").statusCode()).isEqualTo(404);
        api.post("agents/" + away + "/revoke", JsonObject.of("reason", "test"));
        assertThat(replicas(api.json("resources/list-db"))).hasSize(1);
    }

    @Test
    void anUnknownNameIsSaidWithTheOneThatWasMeant() {
        offer(captured.agent("res-near", Instant.now()), offered("near-orders", "tcp", "a", "b"));
        assertSays(
                api.get("resources/near-odrers/explain"),
                404,
                "no resource is called 'near-odrers'; did you mean 'near-orders'?");
        assertSays(api.get("resources?labels=env"), 400, "'env' is no label");
        assertSays(api.get("resources?labels=env=%5E(a%24"), 400, "no regular expression");
    }

    @Test
    void explainsAsAGatewayAnswersAndSaysWhenNoneDoes() {
        offer(captured.agent("res-explained", Instant.now()), offered("explained", "tcp", "a", "b"));
        assertSays(api.get("resources/explained/explain"), 503, "no gateway answers");
        MessageConsumer<JsonObject> gateway = api.node
                .node()
                .vertx()
                .eventBus()
                .consumer(Addresses.EXPLAIN, message -> message.reply(answer(message.body())));
        JsonObject explained = api.json("resources/explained/explain");
        assertThat(explained.getString("message")).isEqualTo("a new session gets agent box: healthy");
        assertThat(explained.getString("refusal")).isNull();
        JsonObject other = api.json("resources/explained/explain?agent=elsewhere");
        assertThat(other.getString("refusal")).isEqualTo("not-this-agent");
        assertThat(other.getString("message"))
                .isEqualTo("agent elsewhere does not offer it; it is offered by res-explained");
        JsonObject offline = api.json("resources/explained/explain?agent=nobody");
        assertThat(offline.getString("refusal")).isEqualTo("offline");
        assertThat(offline.getString("message")).contains("none of the agents that offer it has a link: res-explained");
        TestNode.get(gateway.unregister());
    }

    private static JsonObject answer(JsonObject question) {
        String agent = question.getString("agent", "");
        JsonObject candidate = JsonObject.of("agentName", "box", "why", "healthy");
        String refusal = agent.isEmpty() ? null : agent.equals("nobody") ? "nobody" : "not-this-agent";
        return JsonObject.of(
                "resource",
                question.getString("resource"),
                "gateway",
                "g",
                "refusal",
                refusal,
                "candidates",
                refusal == null ? JsonArray.of(candidate) : new JsonArray(),
                "replicas",
                new JsonArray());
    }

    @Test
    void registersSignsCountsAuditsAndTakesBack() throws Exception {
        long before = version();
        JsonObject body = JsonObject.of(
                "name",
                "reg-db",
                "kind",
                "postgres",
                "uri",
                "postgres://db.internal",
                "labels",
                JsonObject.of("env", "test"));
        HttpResponse<String> added = api.post("resources", body);
        assertThat(added.statusCode()).isEqualTo(201);
        JsonObject resource = new JsonObject(added.body());
        assertThat(resource.getJsonObject("registered").getString("uri")).isEqualTo("postgres://db.internal");
        assertThat(resource.getJsonArray("replicas")).isEmpty();
        assertThat(version()).isEqualTo(before + 1);
        // the CA has signed what agents will check
        Row row = TestNode.get(api.node
                        .node()
                        .postgres()
                        .query("select statement, signature from registered_resource where name = 'reg-db'")
                        .execute())
                .iterator()
                .next();
        assertThat(Signatures.resourceMatches(
                        Pem.certificates(api.send(api.anonymous("ca").GET()).body())
                                .getFirst(),
                        row.getBuffer(0),
                        row.getBuffer(1)))
                .isTrue();
        assertSays(api.post("resources", body), 409, "'reg-db' is registered already");
        assertThat(api.items("audit?limit=5"))
                .extracting(entry -> entry.getString("action") + " " + entry.getString("target"))
                .contains("resource.register reg-db");

        assertThat(api.send(api.request("resources/reg-db").DELETE()).statusCode())
                .isEqualTo(204);
        assertThat(api.get("resources/reg-db").statusCode()).isEqualTo(404);
        assertThat(version()).isEqualTo(before + 2);
        assertSays(api.send(api.request("resources/reg-db").DELETE()), 404, "no resource is registered as 'reg-db'");
    }

    @Test
    void whoHasOnlyRolesForResourcesSeesThoseThatTheyMayReach() {
        UUID agent = captured.agent("seen-by-roles", Instant.now());
        offer(agent, offered("seen", "tcp", "shown", "yes"), offered("unseen", "tcp", "shown", "no"));
        api.post("roles", new JsonObject("{\"name\": \"seer\", \"allow\": [{\"shown\": \"yes\"}]}"));
        api.post(
                "users",
                new JsonObject("{\"name\": \"sven\", \"password\": \"correct horse\", \"roles\": [\"seer\"]}"));
        String token = api.login("sven", "correct horse");
        await().atMost(Api.PATIENCE)
                .until(() -> api.send(api.as(token, "resources/seen").GET()).statusCode() == 200);
        assertThat(new JsonObject(api.send(api.as(token, "resources").GET()).body()).getJsonArray("items"))
                .extracting(each -> ((JsonObject) each).getString("name"))
                .containsExactly("seen");
        assertSays(api.send(api.as(token, "resources/unseen").GET()), 403, "your roles do not let you reach 'unseen'");
    }

    @Test
    void refusesWhatCannotBeRegistered() {
        JsonObject good =
                JsonObject.of("name", "bad", "kind", "tcp", "uri", "tcp://h:1", "labels", JsonObject.of("a", "b"));
        ApiIT.assertProblem(api.post("resources", good.copy().put("uri", "tcp://h")), 400, "invalid-request", "uri");
        ApiIT.assertProblem(api.post("resources", good.copy().put("kind", "gopher")), 400, "invalid-request", "kind");
        ApiIT.assertProblem(api.post("resources", good.copy().put("name", "a b")), 400, "invalid-request", "name");
        ApiIT.assertProblem(
                api.post("resources", good.copy().put("labels", new JsonObject())), 400, "invalid-request", "labels");
    }

    private static void assertSays(HttpResponse<String> response, int status, String detail) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(new JsonObject(response.body()).getString("detail")).contains(detail);
    }

    private static long version() {
        return TestNode.get(api.node
                        .node()
                        .postgres()
                        .query("select version from topic where name = 'resources'")
                        .execute())
                .iterator()
                .next()
                .getLong(0);
    }

    private static List<JsonObject> replicas(JsonObject resource) {
        return resource.getJsonArray("replicas").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private static OfferedResources.Offered offered(String name, String kind, String key, String value) {
        return new OfferedResources.Offered(name, kind, Map.of(key, value), 1, "healthy", "", 2, false);
    }

    private static void offer(UUID agent, OfferedResources.Offered... offered) {
        TestNode.get(new ResourceTable(api.node.node().postgres())
                .replace(List.of(new OfferedResources(agent, Arrays.asList(offered)))));
    }
}
