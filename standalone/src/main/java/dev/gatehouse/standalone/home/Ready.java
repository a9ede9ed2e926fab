package dev.gatehouse.standalone.home;

import dev.gatehouse.admin.setup.Deployment;
import dev.gatehouse.protocol.identity.Pin;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/**
 * What a running local Gatehouse tells scripts ({@code ready.json}) and people.
 *
 * @param gateways their ports, in the order of their numbers; never empty
 * @param adminApis the same
 * @param processes all there are
 */
public record Ready(
        Home home, List<Ports.OfNode> gateways, List<Ports.OfNode> adminApis, List<Running> processes, Pin pin) {

    private static final String ADMIN = Deployment.ADMINISTRATOR;
    private static final String ACCESS_DOMAIN = "apps.localhost";

    /**
     * A process.
     *
     * @param statusUrl empty if it has no status endpoint
     */
    public record Running(String name, String role, long pid, String statusUrl) {

        public JsonObject json() {
            JsonObject json =
                    new JsonObject().put("name", name).put("role", role).put("pid", pid);
            return statusUrl.isEmpty() ? json : json.put("statusUrl", statusUrl);
        }
    }

    /** That of {@code up}: one process with every role. */
    public static Ready ofUp(Home home, Ports ports, Pin pin) {
        Ports.OfNode own = ports.ofUp();
        Running self = new Running("local", "all", ProcessHandle.current().pid(), statusUrl(own));
        return new Ready(home, List.of(own), List.of(own), List.of(self), pin);
    }

    public static String statusUrl(Ports.OfNode ports) {
        return "http://127.0.0.1:" + ports.status();
    }

    public List<String> adminUrls() {
        return adminApis.stream()
                .map(ports -> "https://localhost:" + ports.admin())
                .toList();
    }

    public List<String> accessUrls() {
        return gateways.stream()
                .map(ports -> "https://localhost:" + ports.access())
                .toList();
    }

    private List<String> agentAddresses() {
        return gateways.stream().map(ports -> "localhost:" + ports.agent()).toList();
    }

    /** As CONTRACT lists it. */
    public JsonObject json() {
        return new JsonObject()
                .put("pid", ProcessHandle.current().pid())
                .put("startedAt", Instant.now().toString())
                .put("adminUrl", adminUrls().getFirst())
                .put("adminUrls", new JsonArray(adminUrls()))
                .put("accessUrl", accessUrls().getFirst())
                .put("accessUrls", new JsonArray(accessUrls()))
                .put("agentAddress", agentAddresses().getFirst())
                .put("agentAddresses", new JsonArray(agentAddresses()))
                .put("accessDomain", ACCESS_DOMAIN)
                .put("caFile", home.at("trust/nodes-ca.pem").toString())
                .put("caPin", pin.toString())
                .put("adminUser", ADMIN)
                .put("adminPasswordFile", home.adminPassword().toString())
                .put(
                        "processes",
                        new JsonArray(processes.stream().map(Running::json).toList()));
    }

    public String text(long millis, boolean demo) {
        String file = home.at("trust/nodes-ca.pem").toString();
        String adminUrl = adminUrls().getFirst();
        boolean fleet = processes.size() > 1;
        return """

                Gatehouse is ready (%d ms).

                  Dashboard   %s   (certificate by %s)
                  Sign in as  %s, password in %s
                  REST        %s/api/docs
                  Status      %s/upcheck
                  Logs        %s

                Try next:
                %s  ./gatehouse login --url %s --user %s --ca-file %s
                  ./gatehouse agents ls
                  ./gatehouse streams ls
                  ./gatehouse ls
                  ./gatehouse tokens create      then enrol an agent of your own:
                  ./gatehouse agent enroll --url %s --ca-pin %s --token TOKEN
                %s
                Ctrl-C stops.""".formatted(
                        millis,
                        adminUrl,
                        file,
                        ADMIN,
                        home.adminPassword(),
                        adminUrl,
                        processes.getFirst().statusUrl(),
                        home.at("logs"),
                        demo ? "  cp README.md " + home.at("watched") + "/   and find it under Streams\n" : "",
                        adminUrl,
                        ADMIN,
                        file,
                        accessUrls().getFirst(),
                        pin,
                        fleet
                                ? "  ./gatehouse fleet status --home " + home.at("")
                                        + "      and kill, pause, stop, start NAME\n"
                                : "");
    }
}
