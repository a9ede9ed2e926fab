package dev.gatehouse.admin;

import static dev.gatehouse.admin.ApiIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.people.Passwords;
import dev.gatehouse.shared.people.People;
import dev.gatehouse.shared.people.PersonRole;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SignInIT {

    private static final Api api = Api.start();

    @AfterAll
    static void close() {
        api.close();
    }

    @Test
    void nobodyGetsInWithoutASignIn() {
        for (String path : new String[] {"me", "agents", "events", "streams", "settings", "audit", "live", "nodes"}) {
            assertProblem(api.send(api.anonymous(path).GET()), 401, "unauthenticated", null);
        }
        assertProblem(api.send(api.as("x".repeat(43), "me").GET()), 401, "unauthenticated", null);
        assertProblem(
                api.send(api.anonymous("me")
                        .header("Authorization", "Basic YTpi")
                        .GET()),
                401,
                "unauthenticated",
                null);
    }

    @Test
    void aWrongPasswordIsRefusedAndAudited() {
        JsonObject wrong = JsonObject.of("username", "mallory", "password", "guess-guess");
        assertProblem(api.send(Api.body(api.anonymous("login"), wrong)), 401, "unauthenticated", null);
        assertThat(api.items("audit?action=login&actor=mallory"))
                .extracting(entry -> entry.getString("outcome"))
                .containsExactly("refused");
    }

    @Test
    void guessingIsSlowedDown() {
        person("guessed", PersonRole.AUDITOR);
        JsonObject wrong = JsonObject.of("username", "guessed", "password", "guess-guess");
        HttpResponse<String> response = null;
        for (int i = 0; i < 6; i++) {
            response = api.send(Api.body(api.anonymous("login"), wrong));
        }
        assertProblem(response, 429, "too-many-requests", null);
        assertThat(response.headers().firstValue("retry-after")).isPresent();
    }

    @Test
    void anAuditorSeesAndChangesNothing() {
        String token = api.login("auditor", person("auditor", PersonRole.AUDITOR));
        assertThat(api.send(api.as(token, "agents").GET()).statusCode()).isEqualTo(200);
        assertProblem(api.send(Api.body(api.as(token, "join-tokens"), new JsonObject())), 403, "forbidden", null);
        assertThat(api.send(Api.body(api.as(token, "logout"), new JsonObject())).statusCode())
                .isEqualTo(204);
    }

    @Test
    void aLogoutEndsTheSignIn() {
        String token = api.login(Api.ADMIN, api.password);
        HttpResponse<String> out = api.send(Api.body(api.as(token, "logout"), new JsonObject()));
        assertThat(out.statusCode()).isEqualTo(204);
        assertThat(out.headers().firstValue("set-cookie").orElse("")).contains("Max-Age=0");
        assertProblem(api.send(api.as(token, "me").GET()), 401, "unauthenticated", null);
        assertThat(api.items("audit?action=logout")).isNotEmpty();
    }

    @Test
    void theCookieIsForThePagesAndWritesByItNeedTheirHeader() {
        HttpResponse<String> in = api.send(
                Api.body(api.anonymous("login"), JsonObject.of("username", Api.ADMIN, "password", api.password)));
        String set = in.headers().firstValue("set-cookie").orElse("");
        assertThat(set).startsWith("__Host-gatehouse=").contains("Secure", "HTTPOnly", "SameSite=Strict", "Path=/");
        String cookie = set.substring(0, set.indexOf(';'));
        assertThat(api.send(api.anonymous("me").header("Cookie", cookie).GET()).statusCode())
                .isEqualTo(200);
        assertProblem(
                api.send(Api.body(api.anonymous("join-tokens").header("Cookie", cookie), new JsonObject())),
                403,
                "forbidden",
                null);
        assertThat(api.send(Api.body(
                                api.anonymous("join-tokens").header("Cookie", cookie),
                                new JsonObject(),
                                "X-Gatehouse",
                                "1"))
                        .statusCode())
                .isEqualTo(201);
    }

    /** Makes somebody; answers the password. */
    private static String person(String name, PersonRole role) {
        Passwords passwords = new Passwords(api.node.node().vertx());
        try {
            String secret = Passwords.generate();
            TestNode.get(new People(api.node.node().postgres(), passwords, new Audit("test"))
                    .create(name, secret, Set.of(role.word()), "test", ""));
            return secret;
        } finally {
            TestNode.get(passwords.close());
        }
    }
}
