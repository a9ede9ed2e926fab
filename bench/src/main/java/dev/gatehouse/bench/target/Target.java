package dev.gatehouse.bench.target;

import dev.gatehouse.protocol.identity.Pem;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The Gatehouse under load.
 *
 * @param agentHost of its `agent` endpoint
 * @param statusUrl of a process to watch; empty if unknown
 * @param pid of the gateway if it is on this host, else 0
 */
public record Target(
        String adminUrl,
        String accessUrl,
        String agentHost,
        int agentPort,
        String user,
        String password,
        List<X509Certificate> trust,
        String statusUrl,
        long pid) {

    /** What a local Gatehouse says of itself in its home. */
    public static Target local(Path home) throws BenchException {
        try {
            JsonObject ready = new JsonObject(Files.readString(home.resolve("ready.json")));
            String[] agent = ready.getString("agentAddress").split(":", 2);
            return new Target(
                    ready.getString("adminUrl"),
                    ready.getString("accessUrl"),
                    agent[0],
                    Integer.parseInt(agent[1]),
                    ready.getString("adminUser"),
                    Files.readString(Path.of(ready.getString("adminPasswordFile")))
                            .strip(),
                    certificates(Path.of(ready.getString("caFile"))),
                    ready.getJsonArray("processes").getJsonObject(0).getString("statusUrl"),
                    ready.getLong("pid"));
        } catch (IOException e) {
            throw new BenchException("no running Gatehouse in " + home, e);
        }
    }

    public static List<X509Certificate> certificates(Path file) throws BenchException {
        try {
            return Pem.certificates(Files.readString(file));
        } catch (IOException | CertificateException e) {
            throw new BenchException("CA file " + file, e);
        }
    }
}
