package dev.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.custody.CertificateAuthorities;
import dev.gatehouse.shared.node.Settings;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The files that people deploy with say what the programs understand: settings are loaded from them by the programs' own loader, manifests by strict models. */
class DeploymentFilesTest {

    private static final Set<String> ROLES =
            Arrays.stream(Role.values()).map(Role::word).collect(Collectors.toSet());

    private static final Set<String> COMPOSE_KEYS = Set.of(
            "image",
            "build",
            "user",
            "read_only",
            "tmpfs",
            "cap_drop",
            "security_opt",
            "sysctls",
            "networks",
            "depends_on",
            "stop_grace_period",
            "restart",
            "command",
            "environment",
            "ports",
            "secrets",
            "deploy",
            "volumes",
            "healthcheck",
            "shm_size");

    @TempDir
    static Path folder;

    private static Path secrets;

    @BeforeAll
    static void makeSecrets() throws IOException {
        secrets = folder.resolve("secrets");
        run(Tree.ROOT, "docker/make-secrets", "--out", secrets.toString(), "gateway.example.org", "192.0.2.1");
    }

    @Test
    void secretsAreMadeOnceAndAreWhatCustodyReads() throws IOException {
        String password = Files.readString(secrets.resolve("postgres.password"));
        byte[] certificate = Files.readAllBytes(secrets.resolve("node.pem"));
        run(Tree.ROOT, "docker/make-secrets", "--out", secrets.toString());
        assertThat(secrets.resolve("postgres.password")).hasContent(password);
        assertThat(secrets.resolve("node.pem")).hasBinaryContent(certificate);
        CertificateAuthorities authorities = CertificateAuthorities.load(secrets.resolve("custody"));
        assertThat(authorities.nodes().certificate().getSubjectX500Principal().getName())
                .contains("Gatehouse nodes CA");
        run(
                folder,
                "openssl",
                "verify",
                "-CAfile",
                "secrets/nodes-ca.pem",
                "-verify_hostname",
                "gateway.example.org",
                "secrets/node.pem");
        run(
                folder,
                "openssl",
                "verify",
                "-CAfile",
                "secrets/nodes-ca.pem",
                "-verify_ip",
                "192.0.2.1",
                "secrets/node.pem");
    }

    @Test
    void composeStartsEachRoleWithSettingsThatItUnderstands() throws IOException {
        Map<String, Object> compose = new Yaml().load(Files.readString(Tree.ROOT.resolve("docker-compose.yml")));
        Map<String, Object> secretFiles = map(compose, "secrets");
        Set<String> roles = new TreeSet<>();
        map(compose, "services").forEach((name, value) -> {
            Map<String, Object> service = map(value);
            assertThat(COMPOSE_KEYS).as(name).containsAll(service.keySet());
            assertThat(service).as(name).doesNotContainKey("container_name");
            List<?> mounted = (List<?>) service.getOrDefault("secrets", List.of());
            assertThat(secretFiles.keySet())
                    .as(name)
                    .containsAll(mounted.stream().map(String.class::cast).toList());
            if (!"gatehouse".equals(service.get("image"))) {
                return;
            }
            assertThat(service.get("command")).as(name).isEqualTo(List.of(name));
            roles.add(name);
            Map<String, String> environment = new HashMap<>();
            map(service, "environment").forEach((key, text) -> {
                String file = String.valueOf(text);
                if (file.startsWith("/run/secrets/")) {
                    assertThat(mounted.contains(file.substring("/run/secrets/".length())))
                            .as(name + " " + key)
                            .isTrue();
                }
                environment.put(
                        key,
                        file.replace("${PUBLIC_HOST:-localhost}", "localhost")
                                .replace("/run/secrets", secrets.toString()));
            });
            check(Settings.load(Optional.empty(), environment, Map.of()), name);
        });
        assertThat(roles).isEqualTo(ROLES);
        secretFiles.forEach((name, value) ->
                assertThat(secrets.resolve(name)).as("%s", value).isRegularFile());
    }

    @Test
    void kubernetesStartsEachRoleWithSettingsThatItUnderstands() throws IOException {
        List<HasMetadata> all = manifests();
        Map<String, String> common = all.stream()
                .filter(ConfigMap.class::isInstance)
                .map(ConfigMap.class::cast)
                .filter(map -> map.getMetadata().getName().equals("settings"))
                .findFirst()
                .orElseThrow()
                .getData();
        Set<String> roles = new TreeSet<>();
        all.stream()
                .filter(Deployment.class::isInstance)
                .map(Deployment.class::cast)
                .forEach(deployment -> {
                    String name = deployment.getMetadata().getName();
                    roles.add(name);
                    PodSpec pod = deployment.getSpec().getTemplate().getSpec();
                    Container container = pod.getContainers().getFirst();
                    assertThat(container.getArgs()).containsExactly(name);
                    assertThat(pod.getEnableServiceLinks())
                            .as("%s: variables of services begin with their names", name)
                            .isFalse();
                    assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThan(30);
                    assertThat(port(container, "status")).isEqualTo(42001);
                    assertThat(container.getReadinessProbe().getHttpGet().getPath())
                            .isEqualTo("/upcheck");
                    assertThat(container.getLivenessProbe().getHttpGet().getPath())
                            .isEqualTo("/health/live");
                    assertThat(deployment
                                    .getSpec()
                                    .getSelector()
                                    .getMatchLabels()
                                    .entrySet())
                            .isSubsetOf(deployment
                                    .getSpec()
                                    .getTemplate()
                                    .getMetadata()
                                    .getLabels()
                                    .entrySet());
                    Map<String, String> environment = new HashMap<>(common);
                    environment.putAll(
                            container.getEnv().stream().collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue)));
                    environment.replaceAll((key, text) -> text.replace("/run/gatehouse/secrets", secrets.toString()));
                    check(Settings.load(Optional.empty(), environment, Map.of()), name);
                });
        assertThat(roles).isEqualTo(ROLES);
    }

    @Test
    void kubernetesServicesLeadToPorts() throws IOException {
        List<HasMetadata> all = manifests();
        for (HasMetadata manifest : all) {
            if (!(manifest instanceof Service service)) {
                continue;
            }
            List<Deployment> behind = all.stream()
                    .filter(Deployment.class::isInstance)
                    .map(Deployment.class::cast)
                    .filter(d -> d.getSpec()
                            .getTemplate()
                            .getMetadata()
                            .getLabels()
                            .entrySet()
                            .containsAll(service.getSpec().getSelector().entrySet()))
                    .toList();
            boolean cluster = service.getMetadata().getName().equals("cluster");
            assertThat(behind).as(service.getMetadata().getName()).hasSize(cluster ? ROLES.size() : 1);
            if (cluster) {
                assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
                assertThat(service.getSpec().getPublishNotReadyAddresses()).isTrue();
            }
            service.getSpec()
                    .getPorts()
                    .forEach(port -> behind.forEach(deployment -> assertThat(port(
                                    deployment
                                            .getSpec()
                                            .getTemplate()
                                            .getSpec()
                                            .getContainers()
                                            .getFirst(),
                                    port.getName()))
                            .isEqualTo(port.getPort())));
        }
    }

    @Test
    void anUnknownFieldIsNoticed() throws IOException {
        String service = Files.readString(Tree.ROOT.resolve("k8s/cluster.yaml"));
        assertThatThrownBy(() ->
                        StrictManifests.read(service.replace("publishNotReadyAddresses", "publishNotReadyAddress")))
                .hasMessageContaining("publishNotReadyAddress");
    }

    @Test
    void kustomizeRendersThem() throws IOException {
        boolean there = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
        assumeTrue(there || "true".equals(System.getenv("CI")), "kubectl is not installed");
        List<HasMetadata> rendered = StrictManifests.read(run(Tree.ROOT, "kubectl", "kustomize", "k8s"));
        assertThat(rendered).hasSameSizeAs(manifests()).allSatisfy(manifest -> {
            if (!manifest.getKind().equals("Namespace")) {
                assertThat(manifest.getMetadata().getNamespace()).isEqualTo("gatehouse");
            }
        });
    }

    private static void check(Settings settings, String role) {
        assertThat(settings.cluster().members()).as(role).isNotEmpty();
        assertThat(settings.postgres().password()).as(role).isPresent();
        assertThat(settings.store().secretKey()).as(role).isPresent();
        assertThat(settings.custody().directory().isPresent())
                .as("only admin-api has the CAs' keys: " + role)
                .isEqualTo(role.equals("admin-api"));
        assertThat(settings.endpoints().agent().certificateFile().isPresent())
                .as(role)
                .isEqualTo(role.equals("gateway"));
        assertThat(settings.endpoints().admin().certificateFile().isPresent())
                .as(role)
                .isEqualTo(role.equals("admin-api"));
    }

    private static int port(Container container, String name) {
        return container.getPorts().stream()
                .filter(port -> port.getName().equals(name))
                .mapToInt(ContainerPort::getContainerPort)
                .findFirst()
                .orElseThrow(() -> new AssertionError(container.getName() + " has no port " + name));
    }

    private static List<HasMetadata> manifests() throws IOException {
        Map<String, Object> kustomization =
                new Yaml().load(Files.readString(Tree.ROOT.resolve("k8s/kustomization.yaml")));
        StringBuilder all = new StringBuilder();
        for (Object resource : (List<?>) kustomization.get("resources")) {
            all.append(Files.readString(Tree.ROOT.resolve("k8s").resolve(String.valueOf(resource))))
                    .append("\n---\n");
        }
        return StrictManifests.read(all.toString());
    }

    @SuppressWarnings("unchecked") // YAML's keys are texts here
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    private static Map<String, Object> map(Map<String, Object> parent, String key) {
        return map(parent.get(key));
    }

    private static String run(Path directory, String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.onExit().join().exitValue())
                .as(() -> String.join(" ", command) + ": " + output)
                .isZero();
        return output;
    }
}
