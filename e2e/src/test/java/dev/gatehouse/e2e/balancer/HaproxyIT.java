package dev.gatehouse.e2e.balancer;

import static dev.gatehouse.e2e.balancer.BalancedNodes.ACCESS_HOST;
import static dev.gatehouse.e2e.balancer.BalancedNodes.ADMIN_HOST;
import static dev.gatehouse.e2e.balancer.BalancedNodes.CLIENT;
import static dev.gatehouse.e2e.balancer.BalancedNodes.FIRST;
import static dev.gatehouse.e2e.balancer.BalancedNodes.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.e2e.Tools;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real HAProxy with {@code deploy/haproxy/haproxy.cfg} before two gateways and an admin-api. */
class HaproxyIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void replicasAreFoundAndOneThatDiesIsNotMissed() throws Exception {
        Tools.need("haproxy", "setpriv");
        try (BalancedNodes nodes = new BalancedNodes(folder);
                Names names = new Names()) {
            names.set("gateway", FIRST);
            names.set("admin-api", FIRST);
            try (BalancerProcess haproxy = haproxy(nodes, names)) {
                // GIVEN one gateway, found by its name and its /upcheck
                await().atMost(PATIENCE).until(() -> {
                    haproxy.check();
                    return nodes.answers(ACCESS_HOST, "/enrol/ca") && nodes.answers(ADMIN_HOST, "/api/v1/openapi.json");
                });
                assertThat(nodes.signIn()).isEqualTo(200);
                assertThat(nodes.audited("login")).isEqualTo(CLIENT);
                nodes.agent("a");
                nodes.agent("b");
                // WHEN a second comes and its address is added to the name
                try (GatewayProcess second = nodes.second()) {
                    names.set("gateway", FIRST, SECOND);
                    // THEN agents have links to both, and are seen with their own address
                    nodes.awaitTwoLinksEach();
                    nodes.capture("before.txt");
                    // WHEN it dies THEN agents and HTTPS go on
                    second.kill();
                    for (int i = 0; i < 10; i++) {
                        assertThat(nodes.answers(ACCESS_HOST, "/enrol/ca")).isTrue();
                        assertThat(nodes.answers(ADMIN_HOST, "/api/v1/openapi.json"))
                                .isTrue();
                    }
                    nodes.capture("after.txt");
                }
            }
        }
    }

    private BalancerProcess haproxy(BalancedNodes nodes, Names names) throws Exception {
        Map<String, String> changes = new LinkedHashMap<>();
        changes.put("parse-resolv-conf", "nameserver test 127.0.0.1:" + names.port());
        changes.put("ADMIN_HOST admin.localhost", "ADMIN_HOST " + ADMIN_HOST);
        changes.put("bind :10000", "bind 127.0.0.1:" + nodes.agents);
        changes.put("bind :443", "bind 127.0.0.1:" + nodes.https);
        changes.put("bind :9443", "bind unix@FOLDER/9443");
        changes.put("bind :8443", "bind unix@FOLDER/8443");
        changes.put("bind :8404", "bind unix@FOLDER/8404");
        changes.put("gateway:10002", "gateway:" + nodes.agentProxy);
        changes.put("gateway:9444", "gateway:" + nodes.accessProxy);
        changes.put("admin-api:8444", "admin-api:" + nodes.adminProxy);
        changes.put("check port 42001", "check port " + nodes.status);
        changes.put("send-proxy-v2", "send-proxy-v2 source " + BalancedNodes.BALANCER);
        return BalancerProcess.start(folder, "deploy/haproxy/haproxy.cfg", changes, "haproxy", "-db", "-f", "CONFIG");
    }
}
