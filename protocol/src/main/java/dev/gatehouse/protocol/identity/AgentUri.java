package dev.gatehouse.protocol.identity;

import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The name that an agent's certificate gives it: the subject alternative name {@code gatehouse:agent:<uuid>}, a URI. */
public final class AgentUri {

    private static final String PREFIX = "gatehouse:agent:";
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private AgentUri() {}

    public static String of(UUID agentId) {
        return PREFIX + agentId;
    }

    /** Which agent the certificate is for; empty when it names none, or more than one. Says nothing about who issued it. */
    public static Optional<UUID> read(X509Certificate certificate) {
        return CertificateUri.only(certificate, PREFIX, UUID_TEXT).map(UUID::fromString);
    }
}
