package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdministrationTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path config;

    private final FakeAdmin admin = new FakeAdmin();

    @BeforeEach
    void login() {
        assertThat(Run.login(config, admin).status()).isZero();
        admin.asked.clear();
    }

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void listsAsATableJsonAndYaml() throws IOException {
        agent("office-1", "berlin");
        agent("a-much-longer-name-than-the-other", "rome");
        assertThat(Run.of(config, "agents", "ls").out().lines())
                .element(0)
                .asString()
                .matches("NAME +STATE +LAST SEEN +VERSION +SPOOL +LABELS +ID");
        assertThat(Run.of(config, "agents", "ls").out())
                .containsPattern(
                        "office-1 +online +2026-11-21T08:00:00Z +0.1.0 +1.5 KiB +site=berlin,floor=3 +[0-9a-f-]{36}\\n");
        JsonNode json = Run.of(config, "agents", "ls", "-o", "json").json();
        assertThat(json).hasSize(2);
        assertThat(json.get(0).path("lastSeenAt").asText()).as("untouched").isEqualTo("2026-11-21T08:00:00.123Z");
        JsonNode yaml = new ObjectMapper(new YAMLFactory())
                .readTree(Run.of(config, "agents", "ls", "-o", "yaml").out());
        assertThat(yaml).isEqualTo(json);
    }

    @Test
    void anEmptyListIsOne() {
        admin.lists.put("agents", List.of());
        assertThat(Run.of(config, "agents", "ls").out()).hasLineCount(1);
        assertThat(Run.of(config, "agents", "ls", "-o", "json").json()).isEmpty();
        assertThat(Run.of(config, "agents", "ls", "-o", "yaml").out()).isEqualTo("[]\n");
    }

    @Test
    void goesThroughAllPagesOrStopsAtTheLimit() {
        for (int i = 0; i < 1203; i++) {
            agent("agent-" + i, "berlin");
        }
        assertThat(Run.of(config, "agents", "ls", "-o", "json").json()).hasSize(1203);
        assertThat(Run.of(config, "agents", "ls").out()).hasLineCount(1204);
        assertThat(admin.asked).hasSize(6);
        assertThat(Run.of(config, "agents", "ls", "-o", "json", "--limit", "3").json())
                .hasSize(3);
        assertThat(admin.asked.stream().skip(6))
                .singleElement()
                .satisfies(asked -> assertThat(asked.query()).containsEntry("limit", "3"));
    }

    @Test
    void findsAgentsByAllOfTheLabels() {
        agent("one", "berlin");
        agent("two", "rome");
        Run run = Run.of(config, "agents", "ls", "-o", "json", "--labels", "site=berlin,floor=3", "--state", "online");
        assertThat(run.json()).hasSize(1);
        assertThat(admin.asked.peek().query())
                .containsEntry("label", "site=berlin")
                .containsEntry("state", "online");
        assertThat(Run.of(config, "agents", "ls", "--labels", "nonsense").status())
                .isEqualTo(2);
    }

    @Test
    void revokesByNameOrId() {
        String other = agent("office-10", "berlin");
        String id = agent("office-1", "berlin");
        admin.objects.put(
                "agents/" + id + "/revoke",
                MAPPER.createObjectNode().put("id", id).put("state", "revoked"));
        assertThat(Run.of(config, "agents", "revoke", "office-1", "--reason", "lost")
                        .status())
                .isZero();
        assertThat(Run.of(config, "agents", "revoke", id, "--reason", "lost").out())
                .contains("revoked");
        List<FakeAdmin.Asked> posts = admin.asked(asked -> asked.method().equals("POST"));
        assertThat(posts).hasSize(2).allSatisfy(post -> {
            assertThat(post.path()).isEqualTo("agents/" + id + "/revoke").doesNotContain(other);
            assertThat(post.body()).isEqualTo("{\"reason\":\"lost\"}");
            assertThat(post.key()).hasSizeGreaterThan(8);
        });
        Run nobody = Run.of(config, "agents", "revoke", "office", "--reason", "lost");
        assertThat(nobody.status()).isEqualTo(1);
        assertThat(nobody.err()).contains("no agent has the name 'office'");
    }

    @Test
    void tokensAreMadeListedAndRemoved() {
        admin.objects.put(
                "join-tokens",
                MAPPER.createObjectNode()
                        .put("id", "7")
                        .put("token", "ght_x")
                        .put("expiresAt", "2026-11-21T09:00:00Z"));
        Run created = Run.of(config, "tokens", "create", "--uses", "5", "--ttl", "7d", "--labels", "a=b,c=d");
        assertThat(created.out()).as("for $(…)").isEqualTo("ght_x\n");
        assertThat(admin.asked.peek().body())
                .isEqualTo("{\"uses\":5,\"ttlSeconds\":604800,\"labels\":{\"a\":\"b\",\"c\":\"d\"}}");
        assertThat(Run.of(config, "tokens", "create", "-o", "json")
                        .json()
                        .path("token")
                        .asText())
                .isEqualTo("ght_x");
        admin.objects.remove("join-tokens");
        admin.item("join-tokens").put("id", "7").put("usesLeft", 5);
        assertThat(Run.of(config, "tokens", "ls").out()).contains("USES LEFT").doesNotContain("ght_x");
        admin.objects.put("join-tokens/7", MAPPER.createObjectNode());
        assertThat(Run.of(config, "tokens", "rm", "7").status()).isZero();
        Run again = Run.of(config, "tokens", "rm", "7");
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.err()).contains("there is no join-tokens/7");
    }

    @Test
    void usersAreMadeChangedAndRemoved() {
        admin.objects.put("users", MAPPER.createObjectNode().put("name", "ann"));
        Run nobody = Run.of(config, "users", "create", "ann");
        assertThat(nobody.status()).as("no terminal to ask at").isEqualTo(2);
        assertThat(nobody.err()).contains("GATEHOUSE_NEW_PASSWORD");
        Run made = Run.of(
                Map.of("GATEHOUSE_CONFIG_DIR", config.toString(), "GATEHOUSE_NEW_PASSWORD", "correct horse"),
                "users",
                "create",
                "ann",
                "--roles",
                "dba,auditor");
        assertThat(made.status()).isZero();
        admin.objects.put(
                "users/ann", MAPPER.createObjectNode().put("name", "ann").put("state", "disabled"));
        assertThat(Run.of(config, "users", "disable", "ann").out()).contains("disabled");
        assertThat(Run.of(config, "users", "set-roles", "ann", "dba,ops").status())
                .isZero();
        assertThat(Run.of(config, "users", "set-roles", "ann").status()).isZero();
        assertThat(Run.of(config, "users", "rm", "ann").status()).isZero();
        assertThat(admin.asked.stream().map(asked -> asked.method() + " " + asked.path() + " " + asked.body()))
                .containsExactly(
                        "POST users {\"name\":\"ann\",\"password\":\"correct horse\",\"roles\":[\"dba\",\"auditor\"]}",
                        "PATCH users/ann {\"state\":\"disabled\"}",
                        "PATCH users/ann {\"roles\":[\"dba\",\"ops\"]}",
                        "PATCH users/ann {\"roles\":[]}",
                        "DELETE users/ann ");
        ObjectNode user = admin.item("users").put("name", "bob").put("state", "active");
        user.putArray("roles").add("dba").add("ops");
        assertThat(Run.of(config, "users", "ls").out()).containsPattern("bob +active +dba,ops");
    }

    @Test
    void rolesAreTypedAsLabels() {
        admin.objects.put("roles", MAPPER.createObjectNode().put("name", "web"));
        assertThat(Run.of(
                                config,
                                "roles",
                                "create",
                                "web",
                                "--allow",
                                "env=test,env=dev,team=web",
                                "--allow",
                                "*=*",
                                "--deny",
                                "env=prod")
                        .status())
                .isZero();
        assertThat(admin.asked.peek().body())
                .isEqualTo("{\"name\":\"web\",\"allow\":[{\"env\":[\"test\",\"dev\"],\"team\":[\"web\"]},"
                        + "{\"*\":[\"*\"]}],\"deny\":[{\"env\":[\"prod\"]}]}");
        Run wrong = Run.of(config, "roles", "set", "web", "--allow", "test");
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.err()).contains("--allow: 'test' is no label");
        admin.objects.clear();
        ObjectNode role = admin.item("roles").put("name", "web");
        role.putArray("allow").addObject().putArray("env").add("test").add("dev");
        role.putArray("deny").addObject();
        assertThat(Run.of(config, "roles", "ls").out()).containsPattern("web +env=test,env=dev +nothing");
    }

    @Test
    void locksAndSessions() {
        admin.objects.put("locks", MAPPER.createObjectNode().put("user", "ann"));
        assertThat(Run.of(config, "locks", "create", "--user", "ann", "--reason", "audit", "--ttl", "1h")
                        .status())
                .isZero();
        assertThat(admin.asked.peek().body()).isEqualTo("{\"user\":\"ann\",\"reason\":\"audit\",\"ttlSeconds\":3600}");
        assertThat(Run.of(config, "locks", "create", "--reason", "audit").status())
                .as("of whom")
                .isEqualTo(2);
        admin.item("sessions")
                .put("user", "ann")
                .put("resource", "db")
                .put("bytesUp", 2048)
                .putNull("endedAt");
        assertThat(Run.of(config, "sessions", "ls", "--state", "active").out()).containsPattern("ann +db .*2.0 KiB");
        assertThat(admin.asked(asked -> asked.path().equals("sessions"))
                        .getFirst()
                        .query())
                .containsEntry("state", "active")
                .containsEntry("limit", "100");
        admin.objects.put("sessions/7", MAPPER.createObjectNode());
        assertThat(Run.of(config, "sessions", "cut", "7").status()).isZero();
    }

    @Test
    void nodesAndAudit() {
        admin.item("nodes").put("name", "here").put("role", "background-worker").put("master", true);
        assertThat(Run.of(config, "nodes", "ls").out()).contains("background-worker (master)");
        admin.item("audit").put("at", "2026-11-21T08:00:00Z").put("action", "login");
        assertThat(Run.of(config, "audit", "ls", "--actor", "ann", "--from", "2026-11-21")
                        .out())
                .contains("login");
        assertThat(admin.asked(asked -> asked.path().equals("audit")).getFirst().query())
                .containsEntry("actor", "ann")
                .containsEntry("from", "2026-11-21T00:00:00Z")
                .containsEntry("limit", "100");
    }

    @Test
    void whatOthersHaveNamedCannotMoveTheCursor() {
        admin.item("agents").put("name", "a\u001b[2Jb\nc\u202ed").put("state", "online");
        String out = Run.of(config, "agents", "ls").out();
        assertThat(out).contains("a?[2Jb?c?d").hasLineCount(2);
        assertThat(Run.of(config, "agents", "ls", "-o", "json")
                        .json()
                        .get(0)
                        .path("name")
                        .asText())
                .as("JSON has its own escapes")
                .isEqualTo("a\u001b[2Jb\nc\u202ed");
    }

    @Test
    void readsAreRepeatedWhenTheServerIsBusyAndWritesAreNot() {
        agent("one", "berlin");
        admin.fail(429, "too-many-requests", "slowly");
        admin.fail(503, "unavailable", "no database");
        assertThat(Run.of(config, "agents", "ls", "-o", "json").json()).hasSize(1);
        admin.asked.clear();
        admin.fail(503, "unavailable", "no database");
        Run create = Run.of(config, "tokens", "create");
        assertThat(create.status()).isEqualTo(4);
        assertThat(create.err()).contains("no database");
        assertThat(admin.asked).hasSize(1);
    }

    private String agent(String name, String site) {
        String id = UUID.randomUUID().toString();
        ObjectNode agent = admin.item("agents")
                .put("id", id)
                .put("name", name)
                .put("state", "online")
                .put("lastSeenAt", "2026-11-21T08:00:00.123Z")
                .put("version", "0.1.0");
        agent.putObject("labels").put("site", site).put("floor", "3");
        agent.putObject("spool").put("bytes", 1536);
        return id;
    }
}
