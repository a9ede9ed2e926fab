package dev.gatehouse.admin.setup;

import dev.gatehouse.shared.custody.Bootstrap;
import dev.gatehouse.shared.custody.CertificateAuthorities;
import dev.gatehouse.shared.custody.NodeToken;
import dev.gatehouse.shared.node.Settings;
import dev.gatehouse.shared.postgres.Migrations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * What a deployment needs once before its first node: the database's schema, the CAs, the node token, somebody to sign in as. To make it again makes what is missing and changes nothing else.
 *
 * <p>Blocking; several may run at once.
 *
 * @param authorities for whoever goes on in the same process
 * @param parts in the order in which they were made or found
 */
public record Deployment(CertificateAuthorities authorities, List<Part> parts) {

    /** Name of the first administrator. */
    public static final String ADMINISTRATOR = "admin";

    /**
     * @param made rather than found
     */
    public record Part(Path file, String meaning, boolean made) {}

    /** @param folder where all files are made */
    public static Deployment make(Settings settings, Path folder) throws IOException {
        Migrations.run(settings.postgres(), settings.postgres().startWait());
        List<Part> parts = new ArrayList<>();
        Path custody = folder.resolve("custody");
        if (!Files.isDirectory(custody)) {
            Files.createDirectories(custody.toAbsolutePath().getParent());
            Files.createDirectory(
                    custody, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Path agentsCa = folder.resolve("trust/agents-ca.pem");
        Path nodesCa = folder.resolve("trust/nodes-ca.pem");
        boolean newCas = CertificateAuthorities.missing(custody);
        boolean newCopies = !Files.exists(agentsCa) || !Files.exists(nodesCa);
        CertificateAuthorities authorities = Bootstrap.certificateAuthorities(custody, agentsCa, nodesCa);
        parts.add(new Part(custody, "private keys of the CAs: for admin-api only", newCas));
        parts.add(new Part(agentsCa, "certificate of the agents' CA: for every node", newCopies));
        parts.add(new Part(nodesCa, "certificate of the nodes' CA: for every node, agent and user", newCopies));
        Path token = folder.resolve("node-token");
        boolean newToken = NodeToken.make(custody, token);
        parts.add(new Part(token, "by which a new node gets its certificate: for every node", newToken));
        administrator(settings, folder.resolve("admin-password"), parts);
        return new Deployment(authorities, List.copyOf(parts));
    }

    public boolean changed() {
        return parts.stream().anyMatch(Part::made);
    }

    private static void administrator(Settings settings, Path passwordFile, List<Part> parts) {
        try (LocalPeople local = new LocalPeople(settings.postgres())) {
            boolean made = LocalPeople.get(
                    new FirstAdministrator(ADMINISTRATOR, passwordFile).create(local.vertx, local.people));
            if (made || Files.exists(passwordFile)) {
                parts.add(new Part(passwordFile, "first password of '" + ADMINISTRATOR + "'", made));
            }
        }
    }
}
