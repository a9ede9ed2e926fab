package dev.gatehouse.shared.custody;

import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.shared.trust.CertificateAuthority;
import dev.gatehouse.shared.trust.PrivateFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * Makes the CAs of a deployment that are not there yet. To run it again changes nothing.
 *
 * <p>Blocking; processes that share the directory wait for each other.
 */
public final class Bootstrap {

    private static final Object oneAtATime = new Object();

    private Bootstrap() {}

    /**
     * The CAs of the directory, made if neither key nor certificate of one is there, and their certificates copied to where everybody reads them. Copies of
     * another CA are an error, not overwritten.
     *
     * @param directory for the keys, mode 600
     */
    public static CertificateAuthorities certificateAuthorities(Path directory, Path agentsCaFile, Path nodesCaFile)
            throws IOException {
        Files.createDirectories(directory);
        synchronized (oneAtATime) {
            try (FileChannel file =
                    FileChannel.open(directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                file.lock(); // until the channel is closed
                return new CertificateAuthorities(
                        loadOrCreate(directory, "agents", agentsCaFile), loadOrCreate(directory, "nodes", nodesCaFile));
            }
        }
    }

    private static CertificateAuthority loadOrCreate(Path directory, String name, Path copy) throws IOException {
        Path certificateFile = CertificateAuthorities.certificateFile(directory, name);
        Path keyFile = CertificateAuthorities.keyFile(directory, name);
        boolean copied = Files.exists(copy);
        if (!Files.exists(certificateFile) && copied) {
            throw new IOException(certificateFile + " is missing, but " + copy
                    + " shows that there was a CA; bring it back, or remove the copy to begin a new deployment");
        }
        if (!Files.exists(certificateFile)) {
            // a key without any certificate: a start was cut off in between, before anything was signed with it
            CertificateAuthority.create(name, Instant.now()).save(certificateFile, keyFile);
        }
        CertificateAuthority found = CertificateAuthorities.load(directory, name);
        if (!copied) {
            PrivateFile.writePublic(copy, Pem.text(found.certificate()));
        } else if (!CertificateAuthority.read(copy).equals(found.certificate())) {
            throw new IOException(copy + " is not the CA of " + certificateFile
                    + "; a deployment keeps its CAs, so remove the one that does not belong to it");
        }
        return found;
    }
}
