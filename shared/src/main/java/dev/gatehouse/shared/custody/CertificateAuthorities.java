package dev.gatehouse.shared.custody;

import dev.gatehouse.shared.trust.CertificateAuthority;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The two CAs of a deployment with their keys, as they lie in the custody directory.
 *
 * @param agents issues to agents; gateways trust it
 * @param nodes issues to nodes; everybody trusts it, agents and users by its pin
 */
public record CertificateAuthorities(CertificateAuthority agents, CertificateAuthority nodes) {

    /** Reads what {@link Bootstrap} has made. Blocking. */
    public static CertificateAuthorities load(Path directory) throws IOException {
        return new CertificateAuthorities(load(directory, "agents"), load(directory, "nodes"));
    }

    static CertificateAuthority load(Path directory, String name) throws IOException {
        return CertificateAuthority.load(certificateFile(directory, name), keyFile(directory, name));
    }

    static Path certificateFile(Path directory, String name) {
        return directory.resolve(name + "-ca.pem");
    }

    static Path keyFile(Path directory, String name) {
        return directory.resolve(name + "-ca.key");
    }
}
