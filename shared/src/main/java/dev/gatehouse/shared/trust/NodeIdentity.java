package dev.gatehouse.shared.trust;

import dev.gatehouse.protocol.identity.Pem;
import io.vertx.core.buffer.Buffer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who a process is to other nodes: a certificate by the CA of nodes with its key. The bus shows it, and each endpoint that has no certificate of its own.
 *
 * @param ca of nodes; whom the bus trusts
 */
public record NodeIdentity(X509Certificate certificate, PrivateKey key, X509Certificate ca) {

    private static final int SAN_DNS = 2;
    private static final int SAN_ADDRESS = 7;

    /** PEM of the certificate and its issuer. */
    public Buffer chainPem() {
        return Buffer.buffer(Pem.text(List.of(certificate, ca)));
    }

    public Buffer keyPem() {
        return Buffer.buffer(PrivateKeys.text(key));
    }

    public Buffer caPem() {
        return Buffer.buffer(Pem.text(ca));
    }

    public Instant end() {
        return certificate.getNotAfter().toInstant();
    }

    /** From when a new one is to be had: the last third of its time. */
    public Instant renewAt() {
        Instant begin = certificate.getNotBefore().toInstant();
        return end().minus(Duration.between(begin, end()).dividedBy(3));
    }

    /** Whether it may be used on: by this CA, for this node, with all names, and not in its last third. */
    public boolean willDo(X509Certificate nodesCa, String node, Collection<String> names, Instant now) {
        return CertificateAuthority.issued(nodesCa, certificate)
                && NodeUri.read(certificate).filter(node::equals).isPresent()
                && now.isBefore(renewAt())
                && names().containsAll(normal(names));
    }

    private Set<String> names() {
        Set<String> found = new HashSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                alternatives.stream()
                        .filter(name ->
                                name.get(0).equals(SAN_DNS) || name.get(0).equals(SAN_ADDRESS))
                        .forEach(name -> found.add(String.valueOf(name.get(1))));
            }
        } catch (CertificateParsingException broken) {
            return Set.of();
        }
        return normal(found);
    }

    /** An address can be written in several ways. */
    private static Set<String> normal(Collection<String> names) {
        Set<String> result = new HashSet<>();
        for (String name : names) {
            try {
                result.add(
                        CertificateAuthority.isAddress(name)
                                ? InetAddress.getByName(name).getHostAddress() // a literal: nobody is asked
                                : name.toLowerCase(java.util.Locale.ROOT));
            } catch (UnknownHostException notAnAddress) {
                result.add(name);
            }
        }
        return result;
    }
}
