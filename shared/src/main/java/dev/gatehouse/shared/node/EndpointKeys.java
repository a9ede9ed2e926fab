package dev.gatehouse.shared.node;

import dev.gatehouse.shared.node.EndpointsSettings.Endpoint;
import dev.gatehouse.shared.trust.CertificateAuthority;
import dev.gatehouse.shared.trust.NodeIdentity;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What an endpoint shows: its own certificate where {@code certificateFile} and {@code keyFile} are given, else the node's.
 *
 * @param chain PEM of the certificate and its issuers
 * @param key PEM of its private key
 */
public record EndpointKeys(Buffer chain, Buffer key) {

    /** Blocking. The message names the setting that will not do. */
    static EndpointKeys read(String name, Endpoint endpoint, NodeIdentity node) throws IOException {
        if (endpoint.certificateFile().isEmpty() && endpoint.keyFile().isEmpty()) {
            return new EndpointKeys(node.chainPem(), node.keyPem());
        }
        String setting = "endpoints." + name;
        if (endpoint.certificateFile().isEmpty() || endpoint.keyFile().isEmpty()) {
            throw new IOException(setting + ".certificateFile and " + setting + ".keyFile: only one is given;"
                    + " both are needed, or none for the node's certificate");
        }
        Path certificateFile = endpoint.certificateFile().get();
        Path keyFile = endpoint.keyFile().get();
        EndpointKeys keys = new EndpointKeys(
                bytes(setting + ".certificateFile", certificateFile), bytes(setting + ".keyFile", keyFile));
        CertificateAuthority.read(certificateFile); // half a file of a copy under way is not taken
        return keys;
    }

    public PemKeyCertOptions options() {
        return new PemKeyCertOptions().addCertValue(chain).addKeyValue(key);
    }

    @Override
    public String toString() {
        return "keys of an endpoint"; // never into a log
    }

    private static Buffer bytes(String setting, Path file) throws IOException {
        try {
            return Buffer.buffer(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new IOException(setting + " " + file + " cannot be read: " + e, e);
        }
    }
}
