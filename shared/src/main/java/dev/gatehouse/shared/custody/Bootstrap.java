package dev.gatehouse.shared.custody;

import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.shared.trust.CertificateAuthority;
import dev.gatehouse.shared.trust.PrivateFile;
import dev.gatehouse.shared.trust.PrivateKeys;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes the keys and certificates of a deployment that are not there yet. To run it again changes nothing, but for certificates of nodes that are near their end or lack a name.
 *
 * <p>Blocking; processes that share the directory wait for each other.
 */
public final class Bootstrap {

    /** What a node on this host is always called. */
    public static final List<String> LOCAL_NAMES =
            List.of("localhost", "127.0.0.1", "::1", "apps.localhost", "*.apps.localhost");

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

    /**
     * A node's certificate with its chain, and its key, for the endpoints' {@code certificateFile} and {@code keyFile}. Kept as they are while the certificate is by our CA, has all names, and a third of its time is left.
     *
     * @param names host names and addresses in addition to {@link #LOCAL_NAMES}
     */
    public static void nodeCertificate(
            CertificateAuthority nodes,
            String node,
            Collection<String> names,
            Duration validity,
            Path certificateFile,
            Path keyFile)
            throws IOException {
        Set<String> all = new LinkedHashSet<>(LOCAL_NAMES);
        all.addAll(names);
        Instant now = Instant.now();
        synchronized (oneAtATime) {
            if (Files.exists(certificateFile) && Files.exists(keyFile)) {
                X509Certificate there = CertificateAuthority.read(certificateFile);
                Instant renewAt = there.getNotAfter().toInstant().minus(validity.dividedBy(3));
                if (nodes.issued(there) && now.isBefore(renewAt) && names(there).containsAll(normal(all))) {
                    return;
                }
            }
            KeyPair pair = PrivateKeys.generate();
            X509Certificate certificate = nodes.issueNode(node, pair.getPublic(), all, now, validity);
            PrivateKeys.write(keyFile, pair.getPrivate());
            PrivateFile.writePublic(certificateFile, Pem.text(List.of(certificate, nodes.certificate())));
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

    private static Set<String> names(X509Certificate certificate) throws IOException {
        Set<String> found = new HashSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                alternatives.forEach(name -> found.add(String.valueOf(name.get(1))));
            }
        } catch (CertificateParsingException broken) {
            throw new IOException("names of the node's certificate cannot be read", broken);
        }
        return normal(found);
    }

    /** The JDK writes IPv6 addresses out in full. */
    private static Set<String> normal(Set<String> names) {
        Set<String> result = new HashSet<>();
        names.forEach(name -> result.add(name.equals("0:0:0:0:0:0:0:1") ? "::1" : name));
        return result;
    }
}
