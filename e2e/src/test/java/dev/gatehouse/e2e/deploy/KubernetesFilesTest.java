package dev.gatehouse.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.e2e.Tools;
import dev.gatehouse.e2e.Tree;
import dev.gatehouse.shared.node.Settings;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code k8s/}: what kustomize renders are manifests that strict models accept, and what they start are the launcher's commands with settings that they understand. */
class KubernetesFilesTest {

    private static final String NODE = "app.kubernetes.io/component";
    private static final int PRE_STOP_SECONDS = 5;

    @TempDir
    static Path folder;

    private static Deployed deployed;

    @BeforeAll
    static void start() throws Exception {
        Tools.need("kubectl");
        deployed = new Deployed(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "overlays/dev", "overlays/prod"})
    void nodesAreStartedWithSettingsThatTheyUnderstand(String kustomization) throws Exception {
        List<HasMetadata> all = render(kustomization);
        Map<String, String> common = named(all, ConfigMap.class, "settings").getData();
        List<Deployment> nodes = nodes(all);
        assertThat(nodes.stream().map(KubernetesFilesTest::name).collect(Collectors.toSet()))
                .isEqualTo(Deployed.ROLES);
        Map<String, Settings> roles = new HashMap<>();
        for (Deployment node : nodes) {
            Container container = container(node);
            assertThat(container.getArgs()).containsExactly(name(node));
            Map<String, String> environment = new HashMap<>(common);
            container.getEnv().forEach(variable -> environment.put(variable.getName(), variable.getValue()));
            Settings settings = deployed.load(environment, "/run/gatehouse/passwords");
            roles.put(name(node), settings);
            if (!kustomization.equals("base")) { // the base doesn't know names and addresses
                Deployed.check(settings, name(node));
            }
        }
        roles.values().forEach(settings -> Deployed.checkNames(settings, roles.get("admin-api")));
        Job init = named(all, Job.class, "init");
        assertThat(init.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getInitContainers()
                        .get(1)
                        .getArgs()
                        .getFirst())
                .isEqualTo("init")
                .isIn(Launcher.commands());
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "overlays/dev", "overlays/prod"})
    void nodesLeaveOneByOneAndHaveTheTimeTo(String kustomization) throws Exception {
        List<HasMetadata> all = render(kustomization);
        long shutdown = deployed.load(Map.of(), "-").node().shutdownLimit().toSeconds();
        for (Deployment node : nodes(all)) {
            PodSpec pod = node.getSpec().getTemplate().getSpec();
            assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThan(PRE_STOP_SECONDS + shutdown);
            assertThat(container(node).getLifecycle().getPreStop().getExec().getCommand())
                    .containsExactly("sleep", String.valueOf(PRE_STOP_SECONDS));
            assertThat(node.getSpec()
                            .getStrategy()
                            .getRollingUpdate()
                            .getMaxUnavailable()
                            .getIntVal())
                    .isEqualTo(1);
            assertThat(node.getSpec()
                            .getStrategy()
                            .getRollingUpdate()
                            .getMaxSurge()
                            .getIntVal())
                    .isZero();
            assertThat(named(all, PodDisruptionBudget.class, name(node))
                            .getSpec()
                            .getMaxUnavailable()
                            .getIntVal())
                    .isEqualTo(1);
            assertThat(container(node).getReadinessProbe().getHttpGet().getPath())
                    .isEqualTo("/upcheck");
            assertThat(container(node).getLivenessProbe().getHttpGet().getPath())
                    .isEqualTo("/health/live");
            assertThat(port(node, "status")).isEqualTo(42001);
            assertThat(pod.getEnableServiceLinks())
                    .as("%s: variables of services begin with their names", name(node))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "overlays/dev", "overlays/prod"})
    void servicesLeadToPorts(String kustomization) throws Exception {
        List<HasMetadata> all = render(kustomization);
        for (Service service : of(all, Service.class)) {
            List<Deployment> behind = of(all, Deployment.class).stream()
                    .filter(deployment -> labels(deployment)
                            .entrySet()
                            .containsAll(service.getSpec().getSelector().entrySet()))
                    .toList();
            boolean cluster = name(service).equals("cluster");
            assertThat(behind).as(name(service)).hasSize(cluster ? Deployed.ROLES.size() : 1);
            if (cluster) {
                assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
                assertThat(service.getSpec().getPublishNotReadyAddresses()).isTrue();
            }
            service.getSpec()
                    .getPorts()
                    .forEach(port -> behind.forEach(deployment -> {
                        int target = port(deployment, port.getName());
                        assertThat(cluster ? port.getPort() : target).isEqualTo(target);
                        assertThat(cluster
                                        || port.getName()
                                                .equals(port.getTargetPort().getStrVal()))
                                .isTrue();
                    }));
        }
    }

    @Test
    void clusterAndBusAreOpenToNodesOnly() throws Exception {
        List<HasMetadata> all = render("base");
        for (NetworkPolicy policy : of(all, NetworkPolicy.class)) {
            for (NetworkPolicyIngressRule rule : policy.getSpec().getIngress()) {
                Set<String> ports = rule.getPorts().stream()
                        .map(port -> port.getPort().getStrVal())
                        .collect(Collectors.toSet());
                assertThat(ports).as("without ports all of them are open").isNotEmpty();
                if (ports.contains("members") || ports.contains("bus")) {
                    assertThat(rule.getFrom())
                            .allSatisfy(peer -> assertThat(peer.getPodSelector().getMatchLabels())
                                    .isEqualTo(Map.of(NODE, "node")));
                    assertThat(rule.getFrom()).isNotEmpty();
                }
            }
        }
        assertThat(named(all, NetworkPolicy.class, "node")
                        .getSpec()
                        .getPodSelector()
                        .getMatchLabels())
                .isEqualTo(Map.of(NODE, "node"));
        assertThat(named(all, Job.class, "init")
                        .getSpec()
                        .getTemplate()
                        .getMetadata()
                        .getLabels())
                .as("init is no member")
                .doesNotContainKey(NODE);
    }

    @Test
    void autoscalersScaleWhatIsThereAndTheComponentFitsThem() throws Exception {
        List<HasMetadata> prod = render("overlays/prod");
        Path both = Files.createDirectories(folder.resolve("both"));
        Path k8s = both.toRealPath().relativize(Tree.ROOT.resolve("k8s").toRealPath());
        Files.writeString(
                both.resolve("kustomization.yaml"),
                "resources: [" + k8s + "/overlays/prod]\ncomponents: [" + k8s + "/components/links-and-lag]\n");
        List<HasMetadata> component = StrictManifests.read(Tools.run(folder, "kubectl", "kustomize", both.toString()));
        for (HorizontalPodAutoscaler scaler : of(prod, HorizontalPodAutoscaler.class)) {
            Deployment scaled = named(
                    prod, Deployment.class, scaler.getSpec().getScaleTargetRef().getName());
            assertThat(scaled.getSpec().getReplicas())
                    .as("it would undo the scaling")
                    .isNull();
            assertThat(scaler.getSpec().getMinReplicas()).isEqualTo(3);
            assertThat(named(component, HorizontalPodAutoscaler.class, name(scaler))
                            .getSpec()
                            .getMetrics())
                    .hasSize(scaler.getSpec().getMetrics().size() + 1);
        }
    }

    @Test
    void anUnknownFieldIsNoticed() throws IOException {
        String service = Files.readString(Tree.ROOT.resolve("k8s/base/cluster.yaml"));
        assertThatThrownBy(() ->
                        StrictManifests.read(service.replace("publishNotReadyAddresses", "publishNotReadyAddress")))
                .hasMessageContaining("publishNotReadyAddress");
    }

    private static List<HasMetadata> render(String kustomization) throws IOException, InterruptedException {
        List<HasMetadata> rendered = StrictManifests.read(Tools.run(
                folder,
                "kubectl",
                "kustomize",
                Tree.ROOT.resolve("k8s").resolve(kustomization).toString()));
        assertThat(rendered).isNotEmpty().allSatisfy(manifest -> {
            if (!manifest.getKind().equals("Namespace")) {
                assertThat(manifest.getMetadata().getNamespace()).isEqualTo("gatehouse");
            }
        });
        return rendered;
    }

    private static <T> List<T> of(List<HasMetadata> all, Class<T> kind) {
        return all.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static <T extends HasMetadata> T named(List<HasMetadata> all, Class<T> kind, String name) {
        return of(all, kind).stream()
                .filter(one -> name(one).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind.getSimpleName() + " " + name));
    }

    private static List<Deployment> nodes(List<HasMetadata> all) {
        return of(all, Deployment.class).stream()
                .filter(deployment -> "node".equals(labels(deployment).get(NODE)))
                .toList();
    }

    private static String name(HasMetadata manifest) {
        return manifest.getMetadata().getName();
    }

    private static Map<String, String> labels(Deployment deployment) {
        return deployment.getSpec().getTemplate().getMetadata().getLabels();
    }

    private static Container container(Deployment deployment) {
        return deployment.getSpec().getTemplate().getSpec().getContainers().getFirst();
    }

    private static int port(Deployment deployment, String name) {
        return container(deployment).getPorts().stream()
                .filter(port -> name.equals(port.getName()))
                .mapToInt(ContainerPort::getContainerPort)
                .findFirst()
                .orElseThrow(() -> new AssertionError(name(deployment) + " has no port " + name));
    }
}
