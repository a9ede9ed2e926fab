package dev.gatehouse.shared.custody;

import dev.gatehouse.shared.trust.CertificateAuthority;
import java.io.IOException;
import java.nio.file.Files;
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

    /** Those of a deployment that was set up; nothing is made. Blocking. */
    public static CertificateAuthorities of(CustodySettings settings) throws IOException {
        Path directory = settings.directory().orElseThrow();
        if (missing(directory)) {
            throw new IOException("custody.directory: " + directory + " has no CAs; gatehouse init makes them");
        }
        CertificateAuthorities found = load(directory);
        same(found.agents, settings.agentsCaFile(), "custody.agentsCaFile");
        same(found.nodes, settings.nodesCaFile(), "custody.nodesCaFile");
        return found;
    }

    private static void same(CertificateAuthority found, Path copy, String key) throws IOException {
        if (!CertificateAuthority.read(copy).equals(found.certificate())) {
            throw new IOException(
                    key + ": " + copy + " is not the CA in custody.directory; a deployment keeps its CAs");
        }
    }

    /** Whether one of them is still to be made. */
    public static boolean missing(Path directory) {
        return !Files.exists(certificateFile(directory, "agents"))
                || !Files.exists(certificateFile(directory, "nodes"));
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
