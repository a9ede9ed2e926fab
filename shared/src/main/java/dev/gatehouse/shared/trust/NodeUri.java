package dev.gatehouse.shared.trust;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The name that a node's certificate gives it: the subject alternative name {@code gatehouse:node:NAME}, a URI. */
public final class NodeUri {

    /** What a node may be called: as a host, so that the host's name will do. */
    public static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

    private static final String PREFIX = "gatehouse:node:";
    private static final int SAN_URI = 6;

    private NodeUri() {}

    public static String of(String name) {
        return PREFIX + name;
    }

    /** Which node the certificate is for; empty when it names none, or more than one. Says nothing about who issued it. */
    public static Optional<String> read(X509Certificate certificate) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return Optional.empty();
        }
        if (names == null) {
            return Optional.empty();
        }
        List<String> nodes = names.stream()
                .filter(name -> name.get(0).equals(SAN_URI) && name.get(1) instanceof String)
                .map(name -> (String) name.get(1))
                .filter(uri -> uri.startsWith(PREFIX))
                .map(uri -> uri.substring(PREFIX.length()))
                .filter(text -> NAME.matcher(text).matches())
                .toList();
        return nodes.size() == 1 ? Optional.of(nodes.getFirst()) : Optional.empty();
    }
}
