package dev.gatehouse.gateway.testing;

import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.shared.custody.Bootstrap;
import dev.gatehouse.shared.custody.CertificateAuthorities;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A deployment's CAs in a folder, with a node's certificate, as settings name them. */
public final class TestTrust {

    private final Path folder;
    private final CertificateAuthorities authorities;

    public TestTrust(Path folder) {
        this.folder = folder;
        try {
            authorities = Bootstrap.certificateAuthorities(
                    folder.resolve("keys"), folder.resolve("agents-ca.pem"), folder.resolve("nodes-ca.pem"));
            Bootstrap.nodeCertificate(
                    authorities.nodes(),
                    "test",
                    List.of(),
                    Duration.ofDays(1),
                    folder.resolve("node.pem"),
                    folder.resolve("node-key.pem"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public CertificateAuthorities authorities() {
        return authorities;
    }

    /** The settings that a gateway needs. */
    public Map<String, String> settings() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("custody.agentsCaFile", folder.resolve("agents-ca.pem").toString());
        all.put("custody.nodesCaFile", folder.resolve("nodes-ca.pem").toString());
        for (String endpoint : List.of("agent", "access")) {
            all.put(
                    "endpoints." + endpoint + ".certificateFile",
                    folder.resolve("node.pem").toString());
            all.put(
                    "endpoints." + endpoint + ".keyFile",
                    folder.resolve("node-key.pem").toString());
        }
        return all;
    }

    public X509Certificate nodesCa() {
        return authorities.nodes().certificate();
    }

    /** A certificate for an agent's key that began at the time. */
    public X509Certificate certificate(UUID agentId, AgentKey key, Instant from, Duration validity) {
        return authorities.agents().issueAgent(agentId, key.publicKey(), from, validity);
    }
}
