package dev.gatehouse.shared.custody;

import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.shared.trust.CertificateAuthority;
import dev.gatehouse.shared.trust.NodeIdentity;
import dev.gatehouse.shared.trust.PrivateFile;
import dev.gatehouse.shared.trust.PrivateKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node's certificate and key over restarts, mode 600: so it can start while no admin-api is there. Blocking. */
record IdentityFolder(Path folder) {

    private static final Logger log = LoggerFactory.getLogger(IdentityFolder.class);

    /** What is there, if both files can be read. */
    Optional<NodeIdentity> read(X509Certificate nodesCa) {
        if (!Files.exists(certificateFile())) {
            return Optional.empty();
        }
        try {
            return Optional.of(new NodeIdentity(
                    CertificateAuthority.read(certificateFile()), PrivateKeys.read(keyFile()), nodesCa));
        } catch (IOException unreadable) {
            log.warn("The node's certificate in {} is not used: {}", folder, unreadable.getMessage());
            return Optional.empty();
        }
    }

    /** The certificate last: one without its key would be taken for a whole identity. */
    void write(NodeIdentity identity) throws IOException {
        Files.deleteIfExists(certificateFile());
        PrivateKeys.write(keyFile(), identity.key());
        PrivateFile.write(certificateFile(), Pem.text(List.of(identity.certificate(), identity.ca())));
    }

    private Path certificateFile() {
        return folder.resolve("node.pem");
    }

    private Path keyFile() {
        return folder.resolve("node.key");
    }
}
