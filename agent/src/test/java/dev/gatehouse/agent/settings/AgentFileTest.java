package dev.gatehouse.agent.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.agent.source.tail.TailSettings;
import dev.gatehouse.agent.source.watch.WatchSettings;
import dev.gatehouse.agent.spool.SpoolLimits;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentFileTest {

    @Test
    void anEmptyFileMeansDefaults() throws SettingsException {
        assertThat(AgentFile.parse("")).isEqualTo(AgentSettings.DEFAULT);
        assertThat(AgentSettings.DEFAULT.spool()).isEqualTo(new SpoolLimits(1L << 30, 64L << 20));
    }

    @Test
    void everyKeyIsMapped() throws SettingsException {
        AgentSettings settings = AgentFile.parse("""
                labels: {site: berlin, floor: 3}
                sources:
                  - {kind: tail, paths: ["/var/log/**/*.log", /var/log/syslog], application: system}
                  - {kind: watch, paths: /srv/inbox, ignore: ["*.bak"]}
                resources:
                  - {name: wiki, kind: web, uri: "http://127.0.0.1:8080", labels: {team: a}, health: /ping, weight: 5}
                watch:
                  - {labels: {env: test}, allow: ["10.0.0.*:5432"]}
                spool: {maxBytes: 512MiB, minFreeBytes: 1GiB}
                """);
        assertThat(settings)
                .isEqualTo(new AgentSettings(
                        Map.of("site", "berlin", "floor", "3"),
                        List.of(new TailSettings(List.of("/var/log/**/*.log", "/var/log/syslog"), "system")),
                        List.of(new WatchSettings(List.of("/srv/inbox"), List.of("*.bak"))),
                        List.of(new ResourceSettings(
                                "wiki", "web", "http://127.0.0.1:8080", Map.of("team", "a"), "/ping", 5)),
                        List.of(new DynamicSettings(Map.of("env", "test"), List.of("10.0.0.*:5432"))),
                        new SpoolLimits(512L << 20, 1L << 30)));
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() {
        List<String> problems = problems("""
                lables: {}
                sources:
                  - {kind: tial, paths: /x}
                  - {kind: tail, paths: relative/*.log, aplication: x}
                  - {kind: screen}
                  - {kind: watch}
                resources:
                  - {name: a, kind: web, uri: nowhere, weight: 5000}
                  - {name: a, kind: web, uri: "http://x"}
                watch: [{labels: {a: b}}]
                spool: {maxBytes: lots}
                """);
        assertThat(problems)
                .containsExactlyInAnyOrder(
                        "'lables' is not known; did you mean 'labels'?",
                        "'sources[0].kind' is 'tial'; did you mean 'tail'?",
                        "'sources[1].paths' has 'relative/*.log'; absolute paths are needed",
                        "'sources[1].aplication' is not known; did you mean 'application'?",
                        "'sources[2].kind' is 'screen', which this version does not have yet; tail and watch are there",
                        "'sources[3].paths' is missing; at least one absolute path is needed",
                        "'resources[0].weight' is 5000; a number from 0 to 1000 is needed",
                        "'resources[0].uri' is 'nowhere'; SCHEME://HOST:PORT is needed",
                        "'resources[1].name' 'a' is there twice",
                        "'watch[0].allow' is missing; HOST:PORT globs that may be dialled are needed",
                        "'spool.maxBytes' is \"lots\"; a size like 512MiB or 1GiB, at least 4194304 bytes, is needed");
    }

    @Test
    void whatIsNoYamlIsSaidWithItsLine() {
        assertThat(problems("labels: {a: b\nsources: ["))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("line ");
        assertThat(problems("a: 1\na: 2").getFirst()).contains("Duplicate");
        assertThat(problems("just text").getFirst()).contains("an object with fields is needed");
    }

    private static List<String> problems(String yaml) {
        return catchThrowableOfType(SettingsException.class, () -> AgentFile.parse(yaml))
                .problems();
    }
}
