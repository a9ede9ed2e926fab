package dev.gatehouse.protocol.identity;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names that certificates give: subject alternative names (RFC 5280, 4.2.1.6) that are URIs. */
public final class CertificateUri {

    private static final int SAN_URI = 6;

    private CertificateUri() {}

    /** The one URI with this prefix and a rest that matches, without its prefix; empty when there is none, or more than one. Says nothing about who issued the certificate. */
    public static Optional<String> only(X509Certificate certificate, String prefix, Pattern rest) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return Optional.empty();
        }
        if (names == null) {
            return Optional.empty();
        }
        List<String> found = names.stream()
                .filter(name -> name.get(0).equals(SAN_URI) && name.get(1) instanceof String)
                .map(name -> (String) name.get(1))
                .filter(uri -> uri.startsWith(prefix))
                .map(uri -> uri.substring(prefix.length()))
                .filter(name -> rest.matcher(name).matches())
                .toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }
}
