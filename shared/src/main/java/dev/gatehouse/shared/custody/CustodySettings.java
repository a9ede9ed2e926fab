package dev.gatehouse.shared.custody;

import dev.gatehouse.shared.settings.Default;
import dev.gatehouse.shared.settings.Doc;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Keys and trust. */
public record CustodySettings(
        @Doc("Folder with the CAs' private keys; only admin-api has it")
        Optional<Path> directory,

        @Default("trust/agents-ca.pem") @Doc("Certificate of the CA of agents")
        Path agentsCaFile,

        @Default("trust/nodes-ca.pem") @Doc("Certificate of the CA of nodes; what agents and users trust and pin")
        Path nodesCaFile,

        @Default("7d") @Doc("How long an agent's certificate is valid; renewed at half")
        Duration agentCertificate,

        @Default("90d") @Doc("How long after its end an agent may still renew")
        Duration agentGrace,

        @Default("30d") @Doc("How long a node's certificate is valid; replaced in its last third")
        Duration nodeCertificate,

        @Default("") @Doc("https://HOST:PORT of admin endpoints where a node without `directory` gets its certificate")
        List<URI> url,

        @Doc("File with the node token, which `init` makes; for nodes without `directory`")
        Optional<Path> nodeTokenFile,

        @Default("60s") @Doc("How long a starting node waits for custody to answer")
        Duration startWait) {}
