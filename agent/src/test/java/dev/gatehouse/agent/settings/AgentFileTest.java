package dev.gatehouse.agent.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.agent.health.HealthCheck;
import dev.gatehouse.agent.health.HealthCheck.Way;
import dev.gatehouse.agent.resource.Offer;
import dev.gatehouse.agent.resource.WatchRule;
import dev.gatehouse.agent.source.tail.TailSettings;
import dev.gatehouse.agent.source.watch.WatchSettings;
import dev.gatehouse.agent.spool.SpoolLimits;
import dev.gatehouse.protocol.label.Selector;
import dev.gatehouse.protocol.label.SelectorException;
import dev.gatehouse.protocol.resource.AddressGlob;
import dev.gatehouse.protocol.resource.ResourceAddress;
import dev.gatehouse.protocol.resource.ResourceKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgentFileTest {

    @Test
    void anEmptyFileMeansDefaults() throws SettingsException {
        assertThat(AgentFile.parse("")).isEqualTo(AgentSettings.DEFAULT);
        assertThat(AgentSettings.DEFAULT.spool()).isEqualTo(new SpoolLimits(1L << 30, 64L << 20));
    }

    @Test
    void everyKeyIsMapped() throws SettingsException, SelectorException {
        AgentSettings settings = AgentFile.parse("""
                labels: {site: berlin, floor: 3}
                sources:
                  - {kind: tail, paths: ["/var/log/**/*.log", /var/log/syslog], application: system}
                  - {kind: watch, paths: /srv/inbox, ignore: ["*.bak"]}
                resources:
                  - {name: wiki, kind: web, uri: "http://127.0.0.1:8080", labels: {team: a}, health: /ping, weight: 5}
                  - {name: db, kind: postgres, uri: "postgres://app@db"}
                watch:
                  - {labels: {env: [test, "stage-*"], floor: 3}, allow: ["10.0.0.*:5432"]}
                spool: {maxBytes: 512MiB, minFreeBytes: 1GiB}
                """);
        assertThat(settings)
                .isEqualTo(new AgentSettings(
                        Map.of("site", "berlin", "floor", "3"),
                        List.of(new TailSettings(List.of("/var/log/**/*.log", "/var/log/syslog"), "system")),
                        List.of(new WatchSettings(List.of("/srv/inbox"), List.of("*.bak"))),
                        List.of(
                                new Offer(
                                        "wiki",
                                        ResourceKind.WEB,
                                        new ResourceAddress("http", "127.0.0.1", 8080, Optional.empty()),
                                        Map.of("team", "a"),
                                        new HealthCheck(Way.HTTP, "/ping"),
                                        5,
                                        false),
                                new Offer(
                                        "db",
                                        ResourceKind.POSTGRES,
                                        new ResourceAddress("postgres", "db", 5432, Optional.of("app")),
                                        Map.of(),
                                        new HealthCheck(Way.POSTGRES, ""),
                                        1,
                                        false)),
                        List.of(new WatchRule(
                                Selector.parse("env=test,env=stage-*,floor=3"),
                                List.of(AddressGlob.of("10.0.0.*:5432")))),
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
                  - {name: b, kind: web, uri: "http://x"}
                  - {name: b, kind: redis, uri: "redis://x", health: postgres}
                  - {name: a b, kind: postgers, uri: "postgres://x"}
                  - {name: c, kind: tcp, uri: "tcp://x"}
                  - {kind: ssh}
                watch:
                  - {labels: {a: b}}
                  - {labels: {"*": b, c: "^(x$"}, allow: [nowhere]}
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
                        "'resources[0].uri' is 'nowhere'; http|https://HOST[:PORT] is needed",
                        "'resources[2].name' 'b' is there twice",
                        "'resources[2].health' is 'postgres'; none, tcp, tls, redis are allowed",
                        "'resources[3].name' is 'a b'; 1 to 63 of A-Z a-z 0-9 . _ -, the first a letter or digit, are allowed",
                        "'resources[3].kind' is 'postgers'; did you mean 'postgres'?",
                        "'resources[4].uri' is 'tcp://x', which has no port from 1 to 65535; tcp|tls://HOST:PORT is needed",
                        "'resources[5].name' is missing",
                        "'resources[5].uri' is missing",
                        "'watch[0].allow' is missing; HOST:PORT globs that may be dialled are needed",
                        "'watch[1].labels' can't be used: label '*' has the value [b]; only '*': '*' is allowed, which is everything",
                        "'watch[1].allow' has 'nowhere'; HOST:PORT is needed, where HOST may have * in it and PORT may be * or FROM-TO",
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
