package dev.gatehouse.admin;

import static dev.gatehouse.admin.ApiIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Users, roles, locks and sessions by REST. */
class AccessIT {

    private static final String PASSWORD = "correct horse battery";
    private static final JsonArray EVERYTHING = new JsonArray("[{\"*\": [\"*\"]}]");

    private static final Api api = Api.start();

    @AfterAll
    static void close() {
        api.close();
    }

    @Test
    void aUserIsMadeChangedAndRemoved() {
        role("dba");
        HttpResponse<String> made = user("carl", "dba");
        assertThat(made.statusCode()).isEqualTo(201);
        JsonObject carl = new JsonObject(made.body());
        assertThat(carl.getString("state")).isEqualTo("active");
        assertThat(carl.getString("source")).isEqualTo("local");
        assertThat(carl.getJsonArray("roles")).containsExactly("dba");
        assertThat(carl.encode()).doesNotContain(PASSWORD);
        assertProblem(user("carl"), 409, "conflict", null);
        assertProblem(user("carla", "no-such-role"), 400, "invalid-request", null);
        assertProblem(user("carl a"), 400, "invalid-request", "name");
        assertProblem(
                api.post("users", JsonObject.of("name", "short", "password", "1234567")),
                400,
                "invalid-request",
                "password");
        assertThat(api.items("users?role=dba")).hasSize(1);
        assertThat(api.json("users/carl").getString("name")).isEqualTo("carl");

        String token = api.login("carl", PASSWORD);
        assertThat(patch("users/carl", JsonObject.of("roles", new JsonArray().add("auditor")))
                        .statusCode())
                .isEqualTo(200);
        assertThat(new JsonObject(api.send(api.as(token, "me").GET()).body()).getJsonArray("roles"))
                .as("a sign-in goes on with the new roles")
                .containsExactly("auditor");
        assertThat(api.post("users/carl/password", JsonObject.of("password", "another " + PASSWORD))
                        .statusCode())
                .isEqualTo(204);
        assertProblem(api.send(api.as(token, "me").GET()), 401, "unauthenticated", null);

        String again = api.login("carl", "another " + PASSWORD);
        assertThat(patch("users/carl", JsonObject.of("state", "disabled")).statusCode())
                .isEqualTo(200);
        assertProblem(api.send(api.as(again, "me").GET()), 401, "unauthenticated", null);
        assertThat(api.items("users?state=disabled"))
                .extracting(each -> each.getString("name"))
                .containsExactly("carl");
        assertThat(delete("users/carl").statusCode()).isEqualTo(204);
        assertProblem(delete("users/carl"), 404, "not-found", null);
        assertProblem(api.get("users/carl"), 404, "not-found", null);
        assertThat(api.items("audit?actor=admin&limit=100"))
                .filteredOn(entry -> entry.getString("target").equals("carl"))
                .extracting(entry -> entry.getString("action"))
                .containsExactly("person.remove", "person.disable", "person.password", "person.roles", "person.create");
    }

    @Test
    void theLastAdministratorStays() {
        assertProblem(delete("users/" + Api.ADMIN), 409, "conflict", null);
        assertProblem(patch("users/" + Api.ADMIN, JsonObject.of("state", "disabled")), 409, "conflict", null);
        assertProblem(patch("users/" + Api.ADMIN, JsonObject.of("roles", new JsonArray())), 409, "conflict", null);
    }

    @Test
    void rolesAreReadAsTheyWereWritten() {
        JsonObject role = new JsonObject(
                "{\"name\": \"web\", \"allow\": [{\"env\": [\"test\", \"dev\"], \"team\": \"web\"}], \"deny\": [{\"host\": \"^db-.*$\"}]}");
        HttpResponse<String> made = api.post("roles", role, "Idempotency-Key", "0123456789");
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(api.post("roles", role, "Idempotency-Key", "0123456789").body())
                .as("once")
                .isEqualTo(made.body());
        assertThat(api.json("roles/web").encode())
                .isEqualTo("{\"name\":\"web\",\"allow\":[{\"env\":[\"test\",\"dev\"],\"team\":[\"web\"]}],"
                        + "\"deny\":[{\"host\":[\"^db-.*$\"]}],\"builtIn\":false}");
        assertProblem(api.post("roles", role), 409, "conflict", null);
        assertProblem(
                api.post("roles", JsonObject.of("name", "bad", "allow", new JsonArray("[{\"a\": [5]}]"))),
                400,
                "invalid-request",
                null);
        assertThat(put("roles/web", JsonObject.of("allow", EVERYTHING)).statusCode())
                .isEqualTo(200);
        assertThat(api.json("roles/web").getJsonArray("deny")).isEmpty();
        assertProblem(put("roles/auditor", JsonObject.of("allow", EVERYTHING)), 409, "conflict", null);
        assertProblem(put("roles/nothing", JsonObject.of("allow", EVERYTHING)), 404, "not-found", null);
        assertThat(user("webber", "web").statusCode()).isEqualTo(201);
        assertProblem(delete("roles/web"), 409, "conflict", null);
        assertThat(delete("users/webber").statusCode()).isEqualTo(204);
        assertThat(delete("roles/web").statusCode()).isEqualTo(204);
        assertThat(api.items("roles"))
                .extracting(each -> each.getString("name"))
                .contains("administrator", "auditor")
                .doesNotContain("web");
    }

    @Test
    void whoHasOnlyRolesForResourcesSeesNothingElse() {
        role("psql");
        user("dora", "psql");
        String token = api.login("dora", PASSWORD);
        assertThat(api.send(api.as(token, "me").GET()).statusCode()).isEqualTo(200);
        for (String path : List.of("agents", "events", "streams", "users", "audit", "settings", "sessions", "locks")) {
            assertProblem(api.send(api.as(token, path).GET()), 403, "forbidden", null);
        }
    }

    @Test
    void locksAreMadeListedAndRemoved() {
        user("lena");
        JsonObject lock =
                new JsonObject(api.post("locks", JsonObject.of("user", "lena", "reason", "audit", "ttlSeconds", 600))
                        .body());
        assertThat(lock.getString("user")).isEqualTo("lena");
        assertThat(Instant.parse(lock.getString("expiresAt"))).isAfter(Instant.parse(lock.getString("createdAt")));
        UUID session = UUID.randomUUID();
        api.post("locks", JsonObject.of("session", session.toString(), "reason", "stolen"));
        assertThat(api.items("locks"))
                .extracting(each -> each.getString("reason"))
                .containsSubsequence("stolen", "audit");
        assertProblem(api.post("locks", JsonObject.of("reason", "of whom")), 400, "invalid-request", "user");
        assertProblem(
                api.post("locks", JsonObject.of("user", "lena", "session", session.toString(), "reason", "both")),
                400,
                "invalid-request",
                "user");
        assertProblem(api.post("locks", JsonObject.of("user", "nobody", "reason", "x")), 404, "not-found", null);
        assertThat(delete("locks/" + lock.getString("id")).statusCode()).isEqualTo(204);
        assertProblem(delete("locks/" + lock.getString("id")), 404, "not-found", null);
    }

    private static void role(String name) {
        assertThat(api.post("roles", JsonObject.of("name", name, "allow", EVERYTHING))
                        .statusCode())
                .isEqualTo(201);
    }

    private static HttpResponse<String> user(String name, String... roles) {
        return api.post(
                "users", JsonObject.of("name", name, "password", PASSWORD, "roles", new JsonArray(List.of(roles))));
    }

    private static HttpResponse<String> patch(String path, JsonObject body) {
        return write("PATCH", path, body);
    }

    private static HttpResponse<String> put(String path, JsonObject body) {
        return write("PUT", path, body);
    }

    private static HttpResponse<String> write(String method, String path, JsonObject body) {
        return api.send(api.request(path)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body.encode())));
    }

    private static HttpResponse<String> delete(String path) {
        return api.send(api.request(path).DELETE());
    }
}
