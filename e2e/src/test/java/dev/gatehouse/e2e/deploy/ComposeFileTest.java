package dev.gatehouse.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.e2e.Tools;
import dev.gatehouse.e2e.Tree;
import dev.gatehouse.shared.node.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** {@code docker-compose.yml}: what it starts are the launcher's commands, with settings that they understand, and HAProxy finds them. */
class ComposeFileTest {

    /** What both docker-compose 1.29 and Compose v2 know, as far as we use it. */
    private static final Set<String> KEYS = Set.of(
            "image",
            "build",
            "entrypoint",
            "command",
            "environment",
            "volumes",
            "ports",
            "networks",
            "depends_on",
            "deploy",
            "healthcheck",
            "read_only",
            "tmpfs",
            "cap_drop",
            "security_opt",
            "sysctls",
            "shm_size",
            "stop_grace_period",
            "restart");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Z_]+:-([^}]*)}");
    private static final Pattern SERVERS = Pattern.compile("server-template (\\S+) \\d+ (\\S+):(\\d+)");

    @TempDir
    static Path folder;

    private static Deployed deployed;
    private static Map<String, Object> compose;

    @BeforeAll
    static void read() throws Exception {
        deployed = new Deployed(folder);
        compose = new Yaml().load(Files.readString(Tree.ROOT.resolve("docker-compose.yml")));
    }

    @Test
    void eachRoleIsStartedWithSettingsThatItUnderstands() throws IOException {
        Map<String, Settings> roles = new HashMap<>();
        Set<String> commands = Launcher.commands();
        map(compose.get("services")).forEach((name, value) -> {
            Map<String, Object> service = map(value);
            assertThat(KEYS).as(name).containsAll(service.keySet());
            if (!"gatehouse".equals(service.get("image")) || service.containsKey("entrypoint")) {
                return;
            }
            String command = String.valueOf(((List<?>) service.get("command")).getFirst());
            assertThat(command).isIn(commands).isEqualTo(name);
            Settings settings = settings(service);
            if (Deployed.ROLES.contains(name)) {
                roles.put(name, settings);
                Deployed.check(settings, name);
                assertThat(service).as("can be scaled: " + name).doesNotContainKeys("ports", "container_name");
            }
        });
        assertThat(roles.keySet()).isEqualTo(Deployed.ROLES);
        roles.values().forEach(settings -> Deployed.checkNames(settings, roles.get("admin-api")));
    }

    @Test
    void onlyInitAndAdminApiHaveTheKeys() {
        map(compose.get("services")).forEach((name, service) -> {
            List<?> volumes = (List<?>) map(service).getOrDefault("volumes", List.of());
            assertThat(volumes.stream()
                            .anyMatch(volume -> String.valueOf(volume).startsWith("custody:")))
                    .as(name)
                    .isEqualTo(Set.of("init", "admin-api").contains(name));
        });
    }

    @Test
    void haproxyLeadsToListenersThatAreThere() throws IOException {
        String config = Files.readString(Tree.ROOT.resolve("deploy/haproxy/haproxy.cfg"));
        Set<String> found = new TreeSet<>();
        Matcher servers = SERVERS.matcher(config);
        while (servers.find()) {
            found.add(servers.group(2) + ":" + servers.group(3));
        }
        Set<String> there = new TreeSet<>();
        for (String name : List.of("gateway", "admin-api")) {
            Settings settings = settings(map(map(compose.get("services")).get(name)));
            List.of(
                            settings.endpoints().agent(),
                            settings.endpoints().access(),
                            settings.endpoints().admin())
                    .forEach(endpoint ->
                            endpoint.proxyAddress().ifPresent(address -> there.add(name + ":" + address.port())));
            assertThat(config)
                    .contains("check port "
                            + settings.endpoints().status().bindingAddress().port());
        }
        assertThat(found).isEqualTo(there);
    }

    @Test
    void dockerComposeAcceptsIt() throws Exception {
        Tools.need("docker-compose");
        String printed = Tools.run(
                folder,
                "docker-compose",
                "-f",
                Tree.ROOT.resolve("docker-compose.yml").toString(),
                "config");
        assertThat(map(new Yaml().<Map<String, Object>>load(printed).get("services")))
                .containsOnlyKeys(map(compose.get("services")).keySet());
    }

    private static Settings settings(Map<String, Object> service) {
        Map<String, String> environment = new HashMap<>();
        map(service.get("environment"))
                .forEach((key, value) -> environment.put(
                        key, VARIABLE.matcher(String.valueOf(value)).replaceAll("$1")));
        return deployed.load(environment, "/passwords");
    }

    @SuppressWarnings("unchecked") // YAML's keys are texts here
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
