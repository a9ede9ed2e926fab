package dev.gatehouse.shared.custody;

import dev.gatehouse.shared.custody.CustodyClient.NotNow;
import dev.gatehouse.shared.custody.IdentityException.Reason;
import dev.gatehouse.shared.trust.CertificateAuthority;
import dev.gatehouse.shared.trust.NodeIdentity;
import dev.gatehouse.shared.trust.PrivateKeys;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a process comes by its identity as a node: from its own folder while that will do, else from the CA's key if it has it, else from an admin endpoint by the node token. Blocking, no Vert.x: there is no bus without an identity.
 */
public final class NodeIdentities {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(5);
    private static final Logger log = LoggerFactory.getLogger(NodeIdentities.class);

    private final CustodySettings settings;
    private final Optional<IdentityFolder> folder;
    private final String node;
    private final List<String> names;

    /**
     * @param folder where the identity is kept over restarts
     *
     * @param names host names and addresses where the node is reached
     */
    public NodeIdentities(CustodySettings settings, Optional<Path> folder, String node, Set<String> names) {
        this.settings = settings;
        this.folder = folder.map(IdentityFolder::new);
        this.node = node;
        this.names = List.copyOf(names);
    }

    /** The kept one, or a new one, for which it waits at most {@code custody.startWait}. */
    public NodeIdentity obtain() throws IdentityException, InterruptedException {
        X509Certificate nodesCa =
                settings.directory().isPresent() ? authorities().nodes().certificate() : nodesCa();
        Optional<NodeIdentity> kept = folder.flatMap(files -> files.read(nodesCa));
        if (kept.isPresent() && kept.get().willDo(nodesCa, node, names, Instant.now())) {
            return kept.get();
        }
        Optional<NodeIdentity> usable =
                kept.filter(identity -> CertificateAuthority.issued(nodesCa, identity.certificate())
                        && Instant.now().isBefore(identity.end()));
        try {
            return renew();
        } catch (IdentityException e) {
            if (e.reason() == Reason.UNREACHABLE && usable.isPresent()) {
                log.warn(
                        "No new certificate: {}. Going on with the old one, which ends at {}",
                        e.getMessage(),
                        usable.get().end());
                return usable.get();
            }
            throw e;
        }
    }

    /** A new one in any case. */
    public NodeIdentity renew() throws IdentityException, InterruptedException {
        NodeIdentity made = settings.directory().isPresent() ? issue() : ask(nodesCa());
        if (folder.isPresent()) {
            try {
                folder.get().write(made);
            } catch (IOException e) {
                throw new IdentityException(
                        Reason.FAILED, "node.directory: " + folder.get().folder() + " cannot be written: " + e, e);
            }
        }
        log.info("Node {} has a certificate until {}", node, made.end());
        return made;
    }

    private NodeIdentity issue() throws IdentityException {
        CertificateAuthority nodes = authorities().nodes();
        KeyPair pair = PrivateKeys.generate();
        return new NodeIdentity(
                nodes.issueNode(node, pair.getPublic(), names, Instant.now(), settings.nodeCertificate()),
                pair.getPrivate(),
                nodes.certificate());
    }

    private NodeIdentity ask(X509Certificate nodesCa) throws IdentityException, InterruptedException {
        String token = token();
        long deadline = System.nanoTime() + settings.startWait().toNanos();
        Duration pause = FIRST_PAUSE;
        List<URI> urls = new ArrayList<>(settings.url());
        Collections.shuffle(urls);
        try (CustodyClient client = new CustodyClient(nodesCa)) {
            while (true) {
                List<String> reasons = new ArrayList<>();
                for (URI url : urls) {
                    try {
                        return client.ask(url, token, node, names);
                    } catch (NotNow reason) {
                        reasons.add(reason.getMessage());
                    }
                }
                if (System.nanoTime() + pause.toNanos() - deadline > 0) {
                    throw new IdentityException(
                            Reason.UNREACHABLE,
                            "custody.url: no certificate for this node within "
                                    + settings.startWait().toSeconds() + " s: " + String.join("; ", reasons));
                }
                log.info("Waiting for custody: {}", String.join("; ", reasons));
                Thread.sleep(pause.toMillis());
                pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) < 0 ? pause.multipliedBy(2) : MAX_PAUSE;
            }
        }
    }

    private String token() throws IdentityException {
        if (settings.url().isEmpty() || settings.nodeTokenFile().isEmpty()) {
            throw new IdentityException(
                    Reason.FAILED,
                    "custody.url and custody.nodeTokenFile are needed for this node's certificate"
                            + " (or custody.directory where the CAs' keys are)");
        }
        try {
            return NodeToken.read(settings.nodeTokenFile().get());
        } catch (IOException e) {
            throw new IdentityException(
                    Reason.FAILED,
                    "custody.nodeTokenFile: " + settings.nodeTokenFile().get() + " cannot be read: " + e,
                    e);
        }
    }

    private X509Certificate nodesCa() throws IdentityException {
        try {
            return CertificateAuthority.read(settings.nodesCaFile());
        } catch (IOException e) {
            throw new IdentityException(
                    Reason.FAILED, "custody.nodesCaFile: " + settings.nodesCaFile() + " cannot be read: " + e, e);
        }
    }

    private CertificateAuthorities authorities() throws IdentityException {
        try {
            return CertificateAuthorities.of(settings);
        } catch (IOException e) {
            throw new IdentityException(Reason.FAILED, e.getMessage(), e);
        }
    }
}
