package dev.gatehouse.embedded;

import java.nio.file.Path;
import java.util.Optional;

/**
 * TLS of a Redis or a Sentinel, on its port and to others of its kind.
 *
 * @param caFile that has signed the certificates of all of them
 * @param certificateFile of this one, as server and as client of the others
 * @param clientCertificates whether clients must show one of the CA
 */
public record RedisTls(Path caFile, Path certificateFile, Path keyFile, boolean clientCertificates) {

    /** The lines of a configuration that make it listen. */
    static String listen(Optional<RedisTls> tls, int port) {
        return tls.map(some -> some.lines(port)).orElse("port " + port + "\n");
    }

    private String lines(int port) {
        return """
                port 0
                tls-port %d
                tls-replication yes
                tls-auth-clients %s
                tls-ca-cert-file "%s"
                tls-cert-file "%s"
                tls-key-file "%s"
                """.formatted(port, clientCertificates ? "yes" : "no", caFile, certificateFile, keyFile);
    }
}
