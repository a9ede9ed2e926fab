package dev.gatehouse.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ApiIT {

    private static final Api api = Api.start();
    private static final Captured captured = new Captured(api.node.node());

    @AfterAll
    static void close() {
        api.close();
    }

    @Test
    void saysWhoYouAre() {
        JsonObject me = api.json("me");
        assertThat(me.getString("user")).isEqualTo("admin");
        assertThat(me.getJsonArray("roles")).containsExactly("administrator");
        assertThat(me.getJsonArray("accessUrls").getString(0)).startsWith("https://");
        assertThat(me.getString("accessDomain")).isEqualTo("apps.localhost");
        assertThat(me.getString("caPin")).startsWith("sha256:");
    }

    @Test
    void servesItsContractAndTheCaToEverybody() {
        HttpResponse<String> contract = api.send(api.anonymous("openapi.json").GET());
        assertThat(new JsonObject(contract.body()).getString("openapi")).isEqualTo("3.1.0");
        assertThat(api.send(api.anonymous("ca").GET()).body()).startsWith("-----BEGIN CERTIFICATE-----");
        assertThat(contract.headers().firstValue("content-security-policy").orElse(""))
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(contract.headers().firstValue("x-content-type-options")).contains("nosniff");
    }

    @Test
    void listsAgentsByNameWithTheirStates() {
        UUID online = captured.agent("list-a", Instant.now());
        UUID offline = captured.agent("list-b", Instant.now().minusSeconds(60));
        captured.agent("list-c", Instant.now());

        List<JsonObject> all = api.items("agents?name=LIST-");
        assertThat(all).extracting(agent -> agent.getString("name")).containsExactly("list-a", "list-b", "list-c");
        assertThat(all).extracting(agent -> agent.getString("state")).containsExactly("online", "offline", "online");
        assertThat(api.items("agents?name=list-&state=offline"))
                .extracting(agent -> agent.getString("id"))
                .containsExactly(offline.toString());
        JsonObject one = api.json("agents/" + online);
        assertThat(one.getJsonObject("labels")).isEqualTo(JsonObject.of("site", "berlin"));
        assertThat(one.getJsonObject("spool").getLong("bytes")).isEqualTo(2048);
        assertThat(one.getJsonArray("gateways")).containsExactly("gateway-1");
        assertThat(api.items("agents?name=list-&label=site=berlin")).hasSize(3);
        assertThat(api.items("agents?name=list-&label=site=paris")).isEmpty();
        assertThat(api.items("agents?label=site")).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void pagesThroughItemsOfTheSameTimeWithoutLossOrRepeat() {
        UUID agent = captured.agent("ties", Instant.now());
        Instant same = Instant.parse("2026-03-01T10:00:00.123456Z");
        for (int i = 0; i < 7; i++) {
            captured.event(agent, same, i / 3, i % 3, "tie", "event " + i);
        }
        captured.event(agent, same.minusSeconds(1), 99, 0, "tie", "event older");
        List<String> texts = new ArrayList<>();
        String path = "events?limit=3&from=2026-03-01T00:00:00Z&agentId=" + agent;
        String next = "";
        do {
            JsonObject page = api.json(path + (next.isEmpty() ? "" : "&cursor=" + next));
            page.getJsonArray("items").forEach(item -> texts.add(((JsonObject) item).getString("text")));
            next = page.getString("nextCursor");
        } while (next != null);
        assertThat(texts)
                .containsExactly(
                        "event 6", "event 5", "event 4", "event 3", "event 2", "event 1", "event 0", "event older");
    }

    @Test
    void refusesATamperedCursorOrOneOfOtherFilters() {
        for (int i = 0; i < 3; i++) {
            captured.agent("cursor-" + i, Instant.now());
        }
        String cursor = api.json("agents?limit=1&name=cursor-").getString("nextCursor");
        assertThat(api.get("agents?limit=1&name=cursor-&cursor=" + cursor).statusCode())
                .isEqualTo(200);
        assertProblem(api.get("agents?limit=1&name=other&cursor=" + cursor), 400, "invalid-request", "cursor");
        assertProblem(api.get("agents?limit=1&name=cursor-&cursor=x" + cursor), 400, "invalid-request", "cursor");
        assertProblem(api.get("nodes?cursor=" + cursor), 400, "invalid-request", "cursor");
    }

    @Test
    void searchesTextLiterally() {
        UUID agent = captured.agent("search", Instant.now());
        Instant now = Instant.now();
        captured.event(agent, now.minusSeconds(1), 1, 0, "100% done", "all_files of O'Brien; drop table event;--");
        captured.event(agent, now.minusSeconds(2), 2, 0, "1000 done", "allXfiles");
        captured.event(agent, now.minusSeconds(3), 3, 0, "back\\slash", "ÄRGER");
        String path = "events?agentId=" + agent + "&text=";
        assertThat(api.items(path + "100%25")).hasSize(1);
        assertThat(api.items(path + "all_files")).hasSize(1);
        assertThat(api.items(path + "O'brien%3B%20drop")).hasSize(1);
        assertThat(api.items(path + "DONE")).hasSize(2);
        assertThat(api.items(path + "k%5Cs")).hasSize(1);
        assertThat(api.items(path + "%C3%A4rger")).hasSize(1);
        assertThat(api.items(path + "%25")).hasSize(1);
    }

    @Test
    void eventsWithoutATimeAreThoseOfTheLastDay() {
        UUID agent = captured.agent("day", Instant.now());
        captured.event(agent, Instant.now().minusSeconds(3600), 1, 0, "recent", "");
        captured.event(agent, Instant.now().minusSeconds(2 * 86400), 2, 0, "old", "");
        assertThat(api.items("events?agentId=" + agent))
                .extracting(event -> event.getString("title"))
                .containsExactly("recent");
        assertThat(api.items("events?from=2026-01-01T00:00:00Z&agentId=" + agent))
                .hasSize(2);
    }

    @Test
    void namesWhatIsWrongWithARequest() {
        assertProblem(api.get("agents?stat=online"), 400, "invalid-request", "stat");
        assertProblem(api.get("agents?state=asleep"), 400, "invalid-request", "state");
        assertProblem(api.get("agents?limit=1001"), 400, "invalid-request", "limit");
        assertProblem(api.get("agents?limit=many"), 400, "invalid-request", "limit");
        assertProblem(api.get("agents?limit=1&limit=2"), 400, "invalid-request", "limit");
        assertProblem(api.get("agents/not-an-id"), 400, "invalid-request", "id");
        assertProblem(api.get("events?from=yesterday"), 400, "invalid-request", "from");
        assertProblem(api.get("events?text=a%00b"), 400, "invalid-request", "text");
        assertProblem(api.post("join-tokens", JsonObject.of("uses", 0)), 400, "invalid-request", "uses");
        assertProblem(api.post("join-tokens", JsonObject.of("use", 1)), 400, "invalid-request", "use");
        assertProblem(
                api.post("join-tokens", JsonObject.of("labels", JsonObject.of("a", 1))),
                400,
                "invalid-request",
                "labels.a");
        JsonObject problem = new JsonObject(api.get("agents?state=asleep").body());
        assertThat(problem.getJsonArray("errors").getJsonObject(0))
                .isEqualTo(JsonObject.of(
                        "field", "state", "value", "asleep", "allowed", "one of online, offline, revoked"));
    }

    @Test
    void refusesBodiesThatAreTooLongOrNoJson() {
        JsonObject large = JsonObject.of("labels", JsonObject.of("a", "x".repeat(70_000)));
        assertProblem(api.post("join-tokens", large), 413, "too-large", null);
        assertProblem(
                api.send(api.request("join-tokens").POST(BodyPublishers.ofString("{}"))),
                415,
                "unsupported-media-type",
                null);
        assertProblem(
                api.send(api.request("join-tokens")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("[1,"))),
                400,
                "invalid-request",
                "body");
    }

    @Test
    void knowsNothingElse() {
        UUID nobody = UUID.randomUUID();
        assertProblem(api.get("agents/" + nobody), 404, "not-found", null);
        assertProblem(api.get("streams/" + nobody), 404, "not-found", null);
        assertProblem(api.get("streams/" + nobody + "/content"), 404, "not-found", null);
        assertProblem(api.get("streams/" + nobody + "/chunks"), 404, "not-found", null);
        assertProblem(
                api.post("agents/" + nobody + "/revoke", JsonObject.of("reason", "test")), 404, "not-found", null);
        assertProblem(api.send(api.request("join-tokens/" + nobody).DELETE()), 404, "not-found", null);
        assertProblem(api.get("nothing"), 404, "not-found", null);
        assertProblem(api.send(api.request("agents").DELETE()), 405, "method-not-allowed", null);
    }

    @Test
    void showsNodesSettingsAndAudit() {
        assertThat(api.items("nodes"))
                .extracting(node -> node.getString("id"))
                .contains(api.node.node().id());
        assertThat(api.items("settings"))
                .extracting(setting -> setting.getString("key"))
                .contains("postgres.poolSize", "endpoints.admin.bindingAddress");
        assertThat(api.items("audit?action=login"))
                .extracting(entry -> entry.getString("actor"))
                .contains("admin");
    }

    @Test
    void tellsANodeToDrainIfItIsThereAndCanLeave() {
        String id = api.node.node().id();
        assertProblem(api.post("nodes/nobody/drain", new JsonObject()), 404, "not-found", null);
        assertProblem(api.post("nodes/" + id + "/drain", new JsonObject()), 409, "conflict", null);
        // WHEN the node's process can be told to leave
        List<String> told = new CopyOnWriteArrayList<>();
        api.node.onDrain(() -> told.add(id));
        HttpResponse<String> answer = api.post("nodes/" + id + "/drain", new JsonObject());
        // THEN it is, and the audit knows by whom
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        await().atMost(Api.PATIENCE).until(() -> told.equals(List.of(id)));
        assertThat(api.items("audit?action=node.drain"))
                .extracting(entry -> entry.getString("target"))
                .contains(id);
    }

    static void assertProblem(HttpResponse<String> response, int status, String code, String field) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
        JsonObject problem = new JsonObject(response.body());
        assertThat(problem.getString("code")).isEqualTo(code);
        assertThat(problem.getInteger("status")).isEqualTo(status);
        if (field != null) {
            assertThat(problem.getJsonArray("errors").getJsonObject(0).getString("field"))
                    .isEqualTo(field);
        }
    }
}
