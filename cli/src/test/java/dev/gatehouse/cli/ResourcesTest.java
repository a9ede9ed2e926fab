package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResourcesTest {

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
    void listsResourcesWithTheHealthThatASessionGets() throws IOException {
        admin.lists.put("resources", List.of(json("""
                                {"name":"db","kind":"postgres","labels":{"env":"prod"},"replicas":[
                                  {"agentName":"a","health":"unhealthy"},{"agentName":"b","health":"healthy"}]}"""), json("""
                                {"name":"old","kind":"tcp","labels":{},"replicas":[{"agentName":"c","health":"offline"}]}"""), json("""
                                {"name":"registered","kind":"tcp","labels":{},"replicas":[]}""")));
        assertThat(Run.of(config, "ls").out().lines())
                .map(line -> line.replaceAll(" +", " ").strip())
                .containsExactly(
                        "NAME KIND HEALTH AGENTS LABELS",
                        "db postgres healthy a (unhealthy), b env=prod",
                        "old tcp offline c (offline)",
                        "registered tcp nobody");
        assertThat(Run.of(config, "ls", "-o", "json").json()).hasSize(3);
        admin.asked.clear();
        Run.of(config, "ls", "--kind", "tcp", "--labels", "env=prod,team=*", "--name", "d");
        assertThat(admin.asked).singleElement().asString().contains("kind=tcp").contains("labels=env=prod,team=*");
    }

    @Test
    void explainsWhoWouldBeChosenAndWhy() throws IOException {
        admin.objects.put("resources/db/explain", json("""
                {"resource":"db","gateway":"g1","refusal":null,"message":"a new session gets agent b: healthy","candidates":[],
                 "replicas":[{"agentName":"b","standing":"healthy","load":3,"share":1.0,"reason":"healthy","gateways":["g1","g2"]},
                             {"agentName":"a","standing":"unhealthy","load":0,"share":1.0,"reason":"refused","gateways":["g2"]}]}"""));
        assertThat(Run.of(config, "explain", "db").out().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "a new session gets agent b: healthy",
                        "",
                        "AGENT STANDING TUNNELS SHARE REASON GATEWAYS",
                        "b healthy 3 1 healthy g1,g2",
                        "a unhealthy 0 1 refused g2",
                        "",
                        "as gateway g1 sees it");
        assertThat(Run.of(config, "explain", "db", "-o", "json")
                        .json()
                        .path("gateway")
                        .asText())
                .isEqualTo("g1");
    }

    @Test
    void anUnknownNameFailsWithWhatTheServerSays() {
        Run run = Run.of(config, "explain", "nothing");
        assertThat(run.status()).isEqualTo(1);
    }

    private static ObjectNode json(String text) throws IOException {
        return (ObjectNode) MAPPER.readTree(text);
    }
}
