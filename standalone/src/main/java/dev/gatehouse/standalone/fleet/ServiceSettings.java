package dev.gatehouse.standalone.fleet;

import dev.gatehouse.embedded.EmbeddedPostgres;
import dev.gatehouse.embedded.S3ProxyProcess;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.node.Settings;
import dev.gatehouse.shared.settings.SettingsException;
import dev.gatehouse.shared.settings.SettingsLoader;
import dev.gatehouse.standalone.home.Home;
import dev.gatehouse.standalone.home.LocalSettings;
import dev.gatehouse.standalone.home.Ports;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes a file of settings for each service of a fleet. */
final class ServiceSettings {

    private final Home home;
    private final Ports ports;
    private final Shape shape;
    private final Optional<S3ProxyProcess> s3;
    private final Overrides overrides;

    ServiceSettings(Home home, Ports ports, Shape shape, Optional<S3ProxyProcess> s3, Overrides overrides) {
        this.home = home;
        this.ports = ports;
        this.shape = shape;
        this.s3 = s3;
        this.overrides = overrides;
    }

    /** One file for each service; the settings of the last one, an admin-api, are returned. */
    Settings write(Folders folders, EmbeddedPostgres.Database database) throws IOException, FleetException {
        Settings last = null;
        for (Shape.Replica replica : shape.all(ports)) {
            Map<String, String> settings = of(replica, database);
            last = checked(replica.name(), settings);
            SettingsText.write(folders.settings(replica.name()), settings);
        }
        return last;
    }

    private Map<String, String> of(Shape.Replica replica, EmbeddedPostgres.Database database) {
        List<Shape.Replica> replicas = shape.all(ports);
        List<Integer> members =
                replicas.stream().map(each -> each.ports().cluster()).toList();
        Map<String, String> settings =
                LocalSettings.of(home, ports, replica.name(), replica.ports(), members, database);
        // their sum over all gateways and workers must fit into this machine
        settings.put("capture.gatewayBudget", "256MiB");
        settings.put("capture.workerBudget", "128MiB");
        settings.put(
                "access.urls",
                replicas.stream()
                        .filter(each -> each.role() == Role.GATEWAY)
                        .map(each -> "https://localhost:" + each.ports().access())
                        .collect(Collectors.joining(",")));
        settings.put(
                "cluster.expectedBackgroundWorkers",
                shape.replicas().get(Role.BACKGROUND_WORKER).toString());
        store(settings);
        if (replica.role() != Role.ADMIN_API) {
            withoutTheKeys(settings, replicas);
        }
        overrides.apply(replica.name(), settings);
        return settings;
    }

    /** As everywhere, only the admin-apis hold the CAs' keys; others ask them for their certificates. */
    private void withoutTheKeys(Map<String, String> settings, List<Shape.Replica> replicas) {
        settings.remove("custody.directory");
        settings.put("custody.nodeTokenFile", home.at("node-token").toString());
        settings.put(
                "custody.url",
                replicas.stream()
                        .filter(each -> each.role() == Role.ADMIN_API)
                        .map(each -> "https://localhost:" + each.ports().admin())
                        .collect(Collectors.joining(",")));
    }

    private void store(Map<String, String> settings) {
        s3.ifPresent(server -> {
            settings.remove("store.folder");
            settings.put("store.kind", "s3");
            settings.put("store.url", server.url());
            settings.put("store.accessKey", server.accessKey());
            settings.put("store.secretKey", server.secretKey());
        });
    }

    /** Wrong ones are said before a process is started with them. */
    private static Settings checked(String name, Map<String, String> settings) throws FleetException {
        try {
            return SettingsLoader.load(Settings.class, Optional.empty(), Map.of(), settings);
        } catch (SettingsException e) {
            throw new FleetException(SettingsException.EXIT_STATUS, "settings of " + name + ":\n" + e.getMessage());
        }
    }
}
