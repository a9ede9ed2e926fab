package dev.gatehouse.admin;

import static dev.gatehouse.admin.ApiIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class IdempotencyIT {

    private static final Api api = Api.start();
    private static final Captured captured = new Captured(api.node.node());
    private static final String HEADER = "Idempotency-Key";

    @AfterAll
    static void close() {
        api.close();
    }

    @Test
    void aRepeatGetsTheFirstAnswerAndDoesNothing() {
        JsonObject body = JsonObject.of("uses", 3, "labels", JsonObject.of("site", "oslo"));
        HttpResponse<String> first = api.post("join-tokens", body, HEADER, "key-repeat-1");
        HttpResponse<String> again = api.post("join-tokens", body, HEADER, "key-repeat-1");
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(new JsonObject(again.body())).isEqualTo(new JsonObject(first.body()));
        assertThat(api.items("join-tokens"))
                .filteredOn(token -> token.getJsonObject("labels").containsKey("site"))
                .hasSize(1);
    }

    @Test
    void theTableDoesNotHoldTheToken() {
        String token = new JsonObject(api.post("join-tokens", new JsonObject(), HEADER, "key-secret-1")
                        .body())
                .getString("token");
        var rows = dev.gatehouse.shared.testing.TestNode.get(api.node
                .node()
                .postgres()
                .query("select encode(answer, 'escape') as answer from idempotency")
                .execute());
        assertThat(rows.size()).isPositive();
        rows.forEach(row -> assertThat(row.getString("answer")).doesNotContain(token));
    }

    @Test
    void anotherRequestWithTheKeyIsAConflict() {
        api.post("join-tokens", JsonObject.of("uses", 1), HEADER, "key-other-1");
        assertProblem(api.post("join-tokens", JsonObject.of("uses", 2), HEADER, "key-other-1"), 409, "conflict", null);
    }

    @Test
    void aWriteThatFailedGivesItsKeyBack() {
        UUID id = UUID.randomUUID();
        JsonObject reason = JsonObject.of("reason", "stolen");
        assertProblem(api.post("agents/" + id + "/revoke", reason, HEADER, "key-failed-1"), 404, "not-found", null);
        captured.sql("insert into agent (id, name) values ($1, 'late')", id);
        assertThat(api.post("agents/" + id + "/revoke", reason, HEADER, "key-failed-1")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void ofManyAtOnceOneIsDone() {
        long before = api.items("join-tokens?limit=1000").size();
        List<CompletableFuture<HttpResponse<String>>> all = IntStream.range(0, 10)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> api.post("join-tokens", new JsonObject(), HEADER, "key-many-1")))
                .toList();
        List<Integer> statuses =
                all.stream().map(future -> future.join().statusCode()).toList();
        assertThat(statuses).contains(201).isSubsetOf(201, 409);
        assertThat(api.items("join-tokens?limit=1000")).hasSize((int) before + 1);
    }

    @Test
    void tokensAreMadeListedAndRemoved() {
        HttpResponse<String> made = api.post("join-tokens", JsonObject.of("uses", 5, "ttlSeconds", 600));
        JsonObject token = new JsonObject(made.body());
        assertThat(token.getString("token")).startsWith("ght_");
        assertThat(Instant.parse(token.getString("expiresAt")))
                .isBetween(Instant.now().plusSeconds(550), Instant.now().plusSeconds(650));
        JsonObject listed = api.items("join-tokens?limit=1000").stream()
                .filter(each -> each.getString("id").equals(token.getString("id")))
                .findFirst()
                .orElseThrow();
        assertThat(listed.getInteger("usesLeft")).isEqualTo(5);
        assertThat(listed.encode()).doesNotContain(token.getString("token"));
        assertThat(api.send(api.request("join-tokens/" + token.getString("id")).DELETE())
                        .statusCode())
                .isEqualTo(204);
        assertProblem(
                api.send(api.request("join-tokens/" + token.getString("id")).DELETE()), 404, "not-found", null);
        assertThat(api.items("audit?action=join-token.remove")).isNotEmpty();
    }

    @Test
    void aRevokedAgentIsShownAsSuch() {
        UUID agent = captured.agent("revoked", Instant.now());
        HttpResponse<String> response = api.post("agents/" + agent + "/revoke", JsonObject.of("reason", "stolen"));
        assertThat(new JsonObject(response.body()).getString("state")).isEqualTo("revoked");
        assertThat(api.json("agents/" + agent).getString("revokedReason")).isEqualTo("stolen");
        assertThat(api.items("agents?state=revoked"))
                .extracting(each -> each.getString("id"))
                .contains(agent.toString());
        assertThat(api.items("audit?action=agent.revoke"))
                .extracting(entry -> entry.getString("target"))
                .contains(agent.toString());
    }
}
