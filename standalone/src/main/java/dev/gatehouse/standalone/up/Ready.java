package dev.gatehouse.standalone.up;

import dev.gatehouse.admin.setup.Deployment;
import dev.gatehouse.protocol.identity.Pin;
import dev.gatehouse.standalone.home.Home;
import dev.gatehouse.standalone.home.Ports;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;

/** What a running {@code up} tells scripts ({@code ready.json}) and people. */
record Ready(Home home, Ports ports, Pin pin, Path passwordFile) {

    static final String ADMIN = Deployment.ADMINISTRATOR;
    static final String ACCESS_DOMAIN = "apps.localhost";

    String adminUrl() {
        return "https://localhost:" + ports.admin();
    }

    String accessUrl() {
        return "https://localhost:" + ports.access();
    }

    private String agentAddress() {
        return "localhost:" + ports.agent();
    }

    /** As CONTRACT lists it. */
    JsonObject json() {
        long pid = ProcessHandle.current().pid();
        return new JsonObject()
                .put("pid", pid)
                .put("startedAt", Instant.now().toString())
                .put("adminUrl", adminUrl())
                .put("adminUrls", new JsonArray().add(adminUrl()))
                .put("accessUrl", accessUrl())
                .put("accessUrls", new JsonArray().add(accessUrl()))
                .put("agentAddress", agentAddress())
                .put("agentAddresses", new JsonArray().add(agentAddress()))
                .put("accessDomain", ACCESS_DOMAIN)
                .put("caFile", home.at("trust/nodes-ca.pem").toString())
                .put("caPin", pin.toString())
                .put("adminUser", ADMIN)
                .put("adminPasswordFile", passwordFile.toString())
                .put(
                        "processes",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("name", "local")
                                        .put("role", "all")
                                        .put("pid", pid)
                                        .put("statusUrl", "http://127.0.0.1:" + ports.status())));
    }

    String text(long millis, boolean demo) {
        String file = home.at("trust/nodes-ca.pem").toString();
        return """

                Gatehouse is ready (%d ms).

                  Dashboard   %s   (certificate by %s)
                  Sign in as  %s, password in %s
                  REST        %s/api/docs
                  Status      http://127.0.0.1:%d/upcheck
                  Logs        %s

                Try next:
                %s  ./gatehouse login --url %s --user %s --ca-file %s
                  ./gatehouse agents ls
                  ./gatehouse streams ls
                  ./gatehouse tokens create      then enrol an agent of your own:
                  ./gatehouse agent enroll --url %s --ca-pin %s --token TOKEN

                Ctrl-C stops.""".formatted(
                        millis,
                        adminUrl(),
                        file,
                        ADMIN,
                        passwordFile,
                        adminUrl(),
                        ports.status(),
                        home.at("logs"),
                        demo ? "  cp README.md " + home.at("watched") + "/   and find it under Streams\n" : "",
                        adminUrl(),
                        ADMIN,
                        file,
                        accessUrl(),
                        pin);
    }
}
