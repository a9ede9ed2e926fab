package dev.gatehouse.protocol.identity;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The name that an agent's certificate gives it: the subject alternative name {@code gatehouse:agent:<uuid>}, a URI. */
public final class AgentUri {

    private static final String PREFIX = "gatehouse:agent:";
    private static final int SAN_URI = 6;
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private AgentUri() {}

    public static String of(UUID agentId) {
        return PREFIX + agentId;
    }

    /** Which agent the certificate is for; empty when it names none, or more than one. Says nothing about who issued it. */
    public static Optional<UUID> read(X509Certificate certificate) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return Optional.empty();
        }
        if (names == null) {
            return Optional.empty();
        }
        List<UUID> agents = names.stream()
                .filter(name -> name.get(0).equals(SAN_URI) && name.get(1) instanceof String)
                .map(name -> (String) name.get(1))
                .filter(uri -> uri.startsWith(PREFIX))
                .map(uri -> uri.substring(PREFIX.length()))
                .filter(text -> UUID_TEXT.matcher(text).matches())
                .map(UUID::fromString)
                .toList();
        return agents.size() == 1 ? Optional.of(agents.getFirst()) : Optional.empty();
    }
}
