package dev.gatehouse.shared.testing;

import dev.gatehouse.shared.custody.Bootstrap;
import dev.gatehouse.shared.custody.CertificateAuthorities;
import dev.gatehouse.shared.custody.NodeToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A deployment's CAs and node token in a folder, as {@code init} lays them out. Those without a folder are this JVM's, made when they are first wanted. */
public final class TestCas {

    private final Path folder;
    private final CertificateAuthorities authorities;

    public TestCas(Path folder) {
        this.folder = folder;
        try {
            authorities = Bootstrap.certificateAuthorities(
                    folder.resolve("custody"),
                    folder.resolve("trust/agents-ca.pem"),
                    folder.resolve("trust/nodes-ca.pem"));
            NodeToken.make(folder.resolve("custody"), tokenFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Jvm {
        static final TestCas CAS = new TestCas(TestServers.endWithTests(TestServers.folder("cas")));
    }

    /** Those of this JVM. */
    public static TestCas ofJvm() {
        return Jvm.CAS;
    }

    public CertificateAuthorities authorities() {
        return authorities;
    }

    public Path tokenFile() {
        return folder.resolve("node-token");
    }

    /** Of a process that has the CAs' keys, and so makes its own certificate. */
    public Map<String, String> settings() {
        Map<String, String> all = copies();
        all.put("custody.directory", folder.resolve("custody").toString());
        return all;
    }

    /** Of a process without the keys. */
    public Map<String, String> copies() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("custody.agentsCaFile", folder.resolve("trust/agents-ca.pem").toString());
        all.put("custody.nodesCaFile", folder.resolve("trust/nodes-ca.pem").toString());
        return all;
    }
}
