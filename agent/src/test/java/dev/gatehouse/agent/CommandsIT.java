package dev.gatehouse.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.agent.command.AgentMain;
import dev.gatehouse.agent.enrol.Identity;
import dev.gatehouse.agent.settings.AgentSettings;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CommandsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();
    private final Deployment deployment = new Deployment(vertx);
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @TempDir
    private Path temp;

    private Path folder;

    @BeforeEach
    void capture() {
        folder = temp.resolve("agent");
        PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(both);
        System.setErr(both);
    }

    @AfterEach
    void release() {
        System.setOut(out);
        System.setErr(err);
        Deployment.await(vertx.close());
    }

    @Test
    void enrolsOnceAndKeepsItsSecretsToItself() throws Exception {
        assertThat(enrol(Deployment.TOKEN, deployment.pin().toString())).isZero();
        Identity identity = Identity.load(folder);
        assertThat(identity.name()).isEqualTo("laptop");
        for (String file : new String[] {"agent.json", "identity.pem", "trust.pem"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(file))))
                    .isEqualTo("rw-------");
        }
        assertThat(enrol(Deployment.TOKEN, deployment.pin().toString())).isEqualTo(1);
        assertThat(text()).contains("has an identity already");
    }

    @Test
    void aWrongPinIsRefusedBeforeTheTokenIsSent() {
        assertThat(enrol(Deployment.TOKEN, "sha256:" + "0".repeat(64))).isEqualTo(5);
        assertThat(text())
                .contains("the token was not sent")
                .contains(deployment.pin().toString());
        assertThat(deployment.posts).isEmpty();
        assertThat(Identity.exists(folder)).isFalse();
        assertThat(enrol(Deployment.TOKEN, "nonsense")).isEqualTo(2);
    }

    @Test
    void tokensThatDontWorkAreExplained() {
        assertThat(enrol("unknown-token", deployment.pin().toString())).isEqualTo(5);
        assertThat(enrol("used-token", deployment.pin().toString())).isEqualTo(5);
        assertThat(enrol("expired-token", deployment.pin().toString())).isEqualTo(5);
        assertThat(text()).contains("is not known here").contains("used up").contains("time is over");
    }

    @Test
    void nobodyThereIsItsOwnStatus() {
        assertThat(AgentMain.run(
                        "enroll",
                        "--url",
                        "https://localhost:1",
                        "--token",
                        "x",
                        "--ca-pin",
                        deployment.pin().toString(),
                        "--dir",
                        folder.toString()))
                .isEqualTo(4);
    }

    @Test
    void wrongSettingsAreANumberedList() throws Exception {
        Path file = Files.writeString(temp.resolve("agent.yaml"), "lables: {}\nspol: {}\n");
        assertThat(AgentMain.run("run", "--dir", folder.toString(), "--config", file.toString()))
                .isEqualTo(3);
        assertThat(text())
                .contains("1. 'lables' is not known; did you mean 'labels'?")
                .contains("2. 'spol'");
    }

    @Test
    void statusWorksWithAndWithoutARunningAgent() throws Exception {
        assertThat(AgentMain.run("status", "--dir", folder.toString())).isEqualTo(1);
        assertThat(text()).contains("run 'gatehouse agent enroll' first");
        enrol(Deployment.TOKEN, deployment.pin().toString());
        assertThat(status().getBoolean("running")).isFalse();
        Agent agent = Deployment.await(Agent.start(vertx, folder, AgentSettings.DEFAULT, Optional.empty()));
        await().atMost(PATIENCE)
                .until(() -> status().getJsonArray("links").stream()
                        .map(JsonObject.class::cast)
                        .anyMatch(link -> link.getString("state").equals("up")));
        assertThat(status().getBoolean("running")).isTrue();
        assertThat(status().getJsonArray("links").getJsonObject(0).getString("gateway"))
                .isEqualTo("gateway-1");
        assertThat(AgentMain.run("status", "--dir", folder.toString())).isZero();
        assertThat(text()).contains("carries capture");
        Deployment.await(agent.close());
        assertThat(status().getBoolean("running")).isFalse();
        assertThat(status().getJsonObject("spool").getLong("chunks")).isZero();
        assertThat(AgentMain.run("status", "--dir", folder.toString(), "-o", "yaml"))
                .isZero();
    }

    private JsonObject status() {
        printed.reset();
        assertThat(AgentMain.run("status", "--dir", folder.toString(), "-o", "json"))
                .isZero();
        String text = text();
        return new JsonObject(text.substring(text.indexOf("{")));
    }

    private int enrol(String token, String pin) {
        return AgentMain.run(
                "enroll",
                "--url",
                deployment.url().toString(),
                "--token",
                token,
                "--ca-pin",
                pin,
                "--name",
                "laptop",
                "--dir",
                folder.toString());
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
