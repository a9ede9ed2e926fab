package dev.gatehouse.standalone.home;

import dev.gatehouse.embedded.EmbeddedPostgres;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The settings of a process of a local Gatehouse, as key and value: everything on the loopback interface and below the home. */
public final class LocalSettings {

    private LocalSettings() {}

    /**
     * Those of one node, with a folder as its store.
     *
     * @param node its name
     * @param members ports of all nodes of the cluster
     */
    public static Map<String, String> of(
            Home home,
            Ports ports,
            String node,
            Ports.OfNode own,
            List<Integer> members,
            EmbeddedPostgres.Database database) {
        Map<String, String> settings = new HashMap<>();
        settings.put("node.name", node);
        settings.put(
                "node.directory", home.at("run").resolve(node).resolve("node").toString());
        settings.put("node.balancerGrace", "1ms"); // there is no balancer
        settings.put("node.drainSpread", "500ms");
        settings.put("cluster.bindingAddress", "127.0.0.1:" + own.cluster());
        settings.put("cluster.busAddress", "127.0.0.1:" + own.bus());
        settings.put("cluster.name", "gatehouse-" + ports.ofUp().cluster());
        settings.put("cluster.expectedBackgroundWorkers", "1");
        if (members.size() > 1) {
            settings.put(
                    "cluster.members",
                    String.join(
                            ",",
                            members.stream().map(port -> "127.0.0.1:" + port).toList()));
        }
        endpoint(settings, "agent", own.agent());
        endpoint(settings, "access", own.access());
        endpoint(settings, "peer", own.peer());
        endpoint(settings, "admin", own.admin());
        settings.put("endpoints.status.bindingAddress", "127.0.0.1:" + own.status());
        settings.put("postgres.hosts", database.host() + ":" + database.port());
        settings.put("postgres.database", database.name());
        settings.put("postgres.user", database.user());
        settings.put("postgres.password", database.password());
        settings.put("redis.address", "127.0.0.1:" + ports.redis());
        settings.put("store.kind", "folder");
        settings.put("store.folder", home.at("store").toString());
        settings.put("custody.directory", home.at("custody").toString());
        settings.put("custody.agentsCaFile", home.at("trust/agents-ca.pem").toString());
        settings.put("custody.nodesCaFile", home.at("trust/nodes-ca.pem").toString());
        return settings;
    }

    private static void endpoint(Map<String, String> settings, String name, int port) {
        settings.put("endpoints." + name + ".bindingAddress", "127.0.0.1:" + port);
        settings.put("endpoints." + name + ".serverAddress", "localhost:" + port);
    }
}
