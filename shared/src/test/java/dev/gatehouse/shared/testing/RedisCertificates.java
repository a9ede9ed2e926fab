package dev.gatehouse.shared.testing;

import dev.gatehouse.embedded.RedisTls;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.shared.trust.CertificateAuthority;
import dev.gatehouse.shared.trust.PrivateKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A CA of its own and a certificate of it, for Redis and Sentinels. */
public final class RedisCertificates {

    private RedisCertificates() {}

    /** @param name host name or address in the certificate */
    public static RedisTls make(Path folder, String name, boolean clientCertificates) {
        CertificateAuthority ca = CertificateAuthority.create("redis", Instant.now());
        KeyPair pair = PrivateKeys.generate();
        try {
            Files.createDirectories(folder);
            RedisTls tls = new RedisTls(
                    folder.resolve("ca.pem"),
                    folder.resolve("redis.pem"),
                    folder.resolve("redis.key"),
                    clientCertificates);
            Files.writeString(tls.caFile(), Pem.text(ca.certificate()));
            Files.writeString(
                    tls.certificateFile(),
                    Pem.text(
                            ca.issueNode("redis", pair.getPublic(), List.of(name), Instant.now(), Duration.ofDays(1))));
            PrivateKeys.write(tls.keyFile(), pair.getPrivate());
            return tls;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
