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

/** The real nginx with {@code deploy/nginx/nginx.conf} before two gateways and an admin-api. */
class NginxIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void aGatewayThatDiesIsNotMissed() throws Exception {
        Tools.need("nginx", "setpriv");
        try (BalancedNodes nodes = new BalancedNodes(folder);
                GatewayProcess second = nodes.second();
                BalancerProcess nginx = nginx(nodes)) {
            await().atMost(PATIENCE).until(() -> {
                nginx.check();
                return nodes.answers(ADMIN_HOST, "/api/v1/openapi.json");
            });
            assertThat(nodes.signIn()).isEqualTo(200);
            assertThat(nodes.audited("login")).isEqualTo(CLIENT);
            nodes.agent("a");
            nodes.agent("b");
            nodes.awaitTwoLinksEach();
            nodes.capture("before.txt");
            second.kill();
            for (int i = 0; i < 10; i++) {
                assertThat(nodes.answers(ACCESS_HOST, "/enrol/ca")).isTrue();
                assertThat(nodes.answers(ADMIN_HOST, "/api/v1/openapi.json")).isTrue();
            }
            nodes.capture("after.txt");
        }
    }

    private BalancerProcess nginx(BalancedNodes nodes) throws Exception {
        Map<String, String> changes = new LinkedHashMap<>();
        changes.put("listen 10000", "listen 127.0.0.1:" + nodes.agents);
        changes.put("listen 443", "listen 127.0.0.1:" + nodes.https);
        changes.put("listen 80;", "listen unix:FOLDER/redirect;");
        changes.put("listen 8404;", "listen unix:FOLDER/status;");
        changes.put("gateway-1:", FIRST + ":");
        changes.put("gateway-2:", SECOND + ":");
        changes.put("admin-api-1:", FIRST + ":");
        changes.put("admin-api-2:", SECOND + ":"); // nobody is there: another is tried
        changes.put(":10002", ":" + nodes.agentProxy);
        changes.put(":9444", ":" + nodes.accessProxy);
        changes.put(":8444", ":" + nodes.adminProxy);
        changes.put("worker_rlimit_nofile 200000;", "");
        changes.put("worker_connections 65536", "worker_connections 512");
        changes.put("proxy_protocol on;", "proxy_protocol on; proxy_bind " + BalancedNodes.BALANCER + ";");
        changes.put("access_log /dev/stdout tcp;", "access_log FOLDER/access.log tcp;");
        changes.put(
                "http {",
                "http { client_body_temp_path FOLDER/body; proxy_temp_path FOLDER/proxy;"
                        + " fastcgi_temp_path FOLDER/fastcgi; uwsgi_temp_path FOLDER/uwsgi; scgi_temp_path FOLDER/scgi;");
        return BalancerProcess.start(
                folder,
                "deploy/nginx/nginx.conf",
                changes,
                "nginx",
                "-e",
                "stderr",
                "-c",
                "CONFIG",
                "-g",
                "daemon off; pid FOLDER/nginx.pid;");
    }
}
