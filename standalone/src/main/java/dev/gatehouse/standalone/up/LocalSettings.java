package dev.gatehouse.standalone.up;

import dev.gatehouse.embedded.EmbeddedPostgres;
import dev.gatehouse.embedded.EmbeddedRedis;
import dev.gatehouse.standalone.home.Home;
import dev.gatehouse.standalone.home.Ports;
import java.util.HashMap;
import java.util.Map;

/** The settings of a local Gatehouse, as key and value: everything on the loopback interface and below the home. {@code GATEHOUSE_…} variables do not reach these keys. */
final class LocalSettings {

    private LocalSettings() {}

    static Map<String, String> of(Home home, Ports ports, EmbeddedPostgres.Database database, EmbeddedRedis redis) {
        Map<String, String> settings = new HashMap<>();
        settings.put("node.name", "local");
        settings.put("node.directory", home.at("node").toString());
        settings.put("cluster.bindingAddress", "127.0.0.1:" + ports.cluster());
        settings.put("cluster.busAddress", "127.0.0.1:" + ports.bus());
        settings.put("cluster.name", "gatehouse-" + ports.cluster());
        endpoint(settings, "agent", ports.agent());
        endpoint(settings, "access", ports.access());
        endpoint(settings, "peer", ports.peer());
        endpoint(settings, "admin", ports.admin());
        settings.put("endpoints.status.bindingAddress", "127.0.0.1:" + ports.status());
        settings.put("postgres.hosts", database.host() + ":" + database.port());
        settings.put("postgres.database", database.name());
        settings.put("postgres.user", database.user());
        settings.put("postgres.password", database.password());
        settings.put("redis.address", redis.host() + ":" + redis.port());
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
