package dev.gatehouse.shared.trust;

import dev.gatehouse.protocol.identity.CertificateUri;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.regex.Pattern;

/** The name that a node's certificate gives it: the subject alternative name {@code gatehouse:node:NAME}, a URI. */
public final class NodeUri {

    /** What a node may be called: as a host, so that the host's name will do. */
    public static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

    private static final String PREFIX = "gatehouse:node:";

    private NodeUri() {}

    public static String of(String name) {
        return PREFIX + name;
    }

    /** Which node the certificate is for; empty when it names none, or more than one. Says nothing about who issued it. */
    public static Optional<String> read(X509Certificate certificate) {
        return CertificateUri.only(certificate, PREFIX, NAME);
    }
}
