package dev.gatehouse.agent.enrol;

import dev.gatehouse.agent.spool.AgentFiles;
import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.protocol.identity.Pem;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Who the agent is, as its folder keeps it: {@code agent.json}, {@code identity.pem} (key and certificate chain in one file, so that they always fit), {@code trust.pem}. All with mode 600.
 *
 * @param chain the agent's certificate, then its issuers
 * @param trust CAs of the deployment's nodes
 * @param agentAddresses HOST:PORT
 */
public record Identity(
        UUID agentId,
        String name,
        Map<String, String> labels,
        URI accessUrl,
        String caPin,
        List<String> agentAddresses,
        AgentKey key,
        List<X509Certificate> chain,
        List<X509Certificate> trust) {

    private static final String FILE = "agent.json";
    private static final String PEM = "identity.pem";
    private static final String TRUST = "trust.pem";

    public static boolean exists(Path folder) {
        return Files.exists(folder.resolve(FILE));
    }

    /** @throws IOException that says what is wrong with which file */
    public static Identity load(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            throw new IOException(folder.toAbsolutePath() + " has no " + FILE + ": run 'gatehouse agent enroll' first");
        }
        try {
            JsonObject json = new JsonObject(Files.readString(file));
            Map<String, String> labels = new TreeMap<>();
            json.getJsonObject("labels").forEach(label -> labels.put(label.getKey(), (String) label.getValue()));
            return new Identity(
                    UUID.fromString(json.getString("agentId")),
                    json.getString("name"),
                    labels,
                    URI.create(json.getString("accessUrl")),
                    json.getString("caPin"),
                    json.getJsonArray("agentAddresses").stream()
                            .map(String.class::cast)
                            .toList(),
                    AgentKey.load(folder.resolve(PEM)),
                    Pem.certificates(Files.readString(folder.resolve(PEM))),
                    Pem.certificates(Files.readString(folder.resolve(TRUST))));
        } catch (DecodeException
                | NullPointerException
                | ClassCastException
                | IllegalArgumentException
                | CertificateException e) {
            throw new IOException("identity in " + folder + " can't be read: " + e.getMessage(), e);
        }
    }

    /** Writes the identity; {@code agent.json} comes last, so that a folder with it is complete. */
    public void save(Path folder) throws IOException {
        AgentFiles.createFolder(folder);
        AgentFiles.replace(folder.resolve(TRUST), Pem.text(trust));
        AgentFiles.replace(folder.resolve(PEM), key.pem() + Pem.text(chain));
        AgentFiles.replace(
                folder.resolve(FILE),
                new JsonObject()
                        .put("agentId", agentId.toString())
                        .put("name", name)
                        .put("labels", new JsonObject(new TreeMap<>(labels)))
                        .put("accessUrl", accessUrl.toString())
                        .put("caPin", caPin)
                        .put("agentAddresses", new JsonArray(agentAddresses))
                        .encodePrettily());
    }

    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** Half of the certificate's time is over. */
    public boolean isToBeRenewed(Instant now) {
        Instant from = certificate().getNotBefore().toInstant();
        Instant to = certificate().getNotAfter().toInstant();
        return now.isAfter(from.plus(Duration.between(from, to).dividedBy(2)));
    }

    public boolean isExpired(Instant now) {
        return now.isAfter(certificate().getNotAfter().toInstant());
    }

    Identity with(AgentKey newKey, List<X509Certificate> newChain, List<X509Certificate> newTrust) {
        return new Identity(
                agentId,
                name,
                labels,
                accessUrl,
                caPin,
                agentAddresses,
                newKey,
                newChain,
                newTrust.isEmpty() ? trust : newTrust);
    }

    /** The same agent with a new certificate for {@code newKey}. */
    public Identity renewed(AgentKey newKey, List<X509Certificate> newChain) {
        return with(newKey, newChain, List.of());
    }
}
