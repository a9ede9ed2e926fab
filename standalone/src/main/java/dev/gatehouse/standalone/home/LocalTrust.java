package dev.gatehouse.standalone.home;

import dev.gatehouse.shared.custody.Bootstrap;
import dev.gatehouse.shared.custody.CertificateAuthorities;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The CAs of a home and the certificate of its endpoints. Blocking. */
public final class LocalTrust {

    private LocalTrust() {}

    /** Makes what is not there yet or near its end. */
    public static CertificateAuthorities make(Home home, String node, Duration validity) throws IOException {
        CertificateAuthorities authorities = Bootstrap.certificateAuthorities(
                home.at("custody"), home.at("trust/agents-ca.pem"), home.at("trust/nodes-ca.pem"));
        Bootstrap.nodeCertificate(
                authorities.nodes(), node, List.of(), validity, home.at("trust/node.pem"), home.at("trust/node.key"));
        return authorities;
    }
}
