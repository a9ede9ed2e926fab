package dev.gatehouse.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.e2e.Tree;
import dev.gatehouse.e2e.balancer.BalancedNodes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Grafana board, and what autoscalers look at, ask for metrics that the services have. */
class BoardIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What of an expression may be a metric: our own names and those of the JVM. */
    private static final Pattern METRIC = Pattern.compile("\\b(?:gatehouse|jvm|process)_[a-z0-9_]+");

    @TempDir
    Path folder;

    @Test
    void everyMetricIsThere() throws Exception {
        Set<String> asked = new TreeSet<>();
        JsonArray panels = new JsonObject(Files.readString(Tree.ROOT.resolve("deploy/grafana/gatehouse.json")))
                .getJsonArray("panels");
        panels.forEach(panel -> ((JsonObject) panel)
                .getJsonArray("targets")
                .forEach(target -> find(((JsonObject) target).getString("expr"), asked)));
        find(Files.readString(Tree.ROOT.resolve("k8s/components/links-and-lag/kustomization.yaml")), asked);
        assertThat(asked).hasSizeGreaterThan(15);
        try (BalancedNodes nodes = new BalancedNodes(folder);
                HttpClient http = HttpClient.newHttpClient()) {
            // metrics are registered while services start, some with the first that is measured
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(scrape(http, nodes.statusUrl())).containsAll(asked));
        }
    }

    private static void find(String text, Set<String> into) {
        Matcher metrics = METRIC.matcher(text);
        while (metrics.find()) {
            into.add(metrics.group());
        }
    }

    private static Set<String> scrape(HttpClient http, String url) throws IOException, InterruptedException {
        Set<String> names = new HashSet<>();
        http.send(HttpRequest.newBuilder(URI.create(url + "/metrics")).build(), HttpResponse.BodyHandlers.ofLines())
                .body()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> names.add(line.split("[{ ]", 2)[0]));
        return names;
    }
}
