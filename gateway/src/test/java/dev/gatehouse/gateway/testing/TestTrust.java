package dev.gatehouse.gateway.testing;

import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.shared.custody.CertificateAuthorities;
import dev.gatehouse.shared.testing.TestCas;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** A deployment's CAs in a folder, as settings name them. */
public final class TestTrust {

    private final TestCas cas;

    public TestTrust(Path folder) {
        cas = new TestCas(folder);
    }

    public CertificateAuthorities authorities() {
        return cas.authorities();
    }

    /** The settings that a gateway needs. */
    public Map<String, String> settings() {
        return new LinkedHashMap<>(cas.settings());
    }

    public X509Certificate nodesCa() {
        return authorities().nodes().certificate();
    }

    /** A certificate for an agent's key that began at the time. */
    public X509Certificate certificate(UUID agentId, AgentKey key, Instant from, Duration validity) {
        return authorities().agents().issueAgent(agentId, key.publicKey(), from, validity);
    }
}
