package dev.gatehouse.admin;

import static dev.gatehouse.admin.ApiIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.shared.settings.HostPort;
import dev.gatehouse.shared.testing.TestServers;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class OutageIT {

    @Test
    void withoutTheDatabaseRequestsAreToldToComeBackAndThenWork() throws Exception {
        HostPort postgres = TestServers.newDatabase().hosts().getFirst();
        try (Relay relay = new Relay(postgres.host(), postgres.port());
                Api api = Api.start(node -> node.set("postgres.hosts", relay.address()))) {
            assertThat(api.get("agents").statusCode()).isEqualTo(200);
            // WHEN the database is away
            relay.cut();
            // THEN every request that needs it says so, at once, and the rest works
            await().atMost(Api.PATIENCE).until(() -> api.get("agents").statusCode() == 503);
            for (String path : new String[] {"agents", "streams", "events", "nodes", "audit", "join-tokens"}) {
                HttpResponse<String> response = api.get(path);
                assertProblem(response, 503, "unavailable", null);
                assertThat(response.headers().firstValue("retry-after")).isPresent();
                assertThat(response.body()).as("nothing of the inside").doesNotContain("Exception", "127.0.0.1");
            }
            assertProblem(
                    api.post("join-tokens", new JsonObject(), "Idempotency-Key", "key-outage-1"),
                    503,
                    "unavailable",
                    null);
            assertProblem(
                    api.send(Api.body(
                            api.anonymous("login"), JsonObject.of("username", "admin", "password", api.password))),
                    503,
                    "unavailable",
                    null);
            assertThat(api.send(api.anonymous("ca").GET()).statusCode()).isEqualTo(200);
            // WHEN it is back
            relay.join();
            // THEN so are all
            await().atMost(Api.PATIENCE).until(() -> api.get("agents").statusCode() == 200);
            assertThat(api.post("join-tokens", new JsonObject(), "Idempotency-Key", "key-outage-1")
                            .statusCode())
                    .isEqualTo(201);
        }
    }

    @Test
    void aSearchThatTakesTooLongSaysWhatToDo() {
        try (Api api = Api.start(node -> node.set("postgres.statementTimeout", "1s"))) {
            Captured captured = new Captured(api.node.node());
            captured.sql("""
                    insert into event (time, stream_id, sequence, index, agent_id, "user", kind, application, title, text, attributes, duration_micros)
                    select clock_timestamp(), gen_random_uuid(), 1, 0, gen_random_uuid(), '', 'log', '', '', repeat('x', 1000000), '{}', 0
                    from generate_series(1, 30)""");
            for (int i = 0; i < 5; i++) {
                captured.sql(
                        "insert into event select time, gen_random_uuid(), sequence, index, agent_id, \"user\", kind, application,"
                                + " title, text, attributes, duration_micros from event limit 200");
            }
            assertProblem(api.get("events?text=" + "x".repeat(200) + "y"), 422, "too-broad", null);
        }
    }
}
