package dev.gatehouse.protocol.identity;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;

/**
 * What is signed where TLS does not prove it: by an agent, that it has its key; by the CA of nodes, which resources are registered. Each purpose has its own first bytes, so that no signature can serve for another. SHA256withECDSA, DER form.
 */
public final class Signatures {

    /** Length of the challenge of a WebSocket link. */
    public static final int NONCE_BYTES = 32;

    private static final byte[] LINK = "gatehouse/1 link".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RESOURCE = "gatehouse/1 resource".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RENEW = "gatehouse/1 renew".getBytes(StandardCharsets.US_ASCII);

    private Signatures() {}

    /** For HELLO.signature on a WebSocket link. */
    public static Buffer link(AgentKey key, Buffer nonce) {
        return Buffer.buffer(key.sign(LINK, nonce.getBytes()));
    }

    public static boolean linkMatches(X509Certificate certificate, Buffer nonce, Buffer signature) {
        return matches(certificate, LINK, nonce, signature);
    }

    /** For the renewal of an expired certificate: by the old key, over the request (DER) for the new one. */
    public static Buffer renewal(AgentKey oldKey, Buffer csr) {
        return Buffer.buffer(oldKey.sign(RENEW, csr.getBytes()));
    }

    public static boolean renewalMatches(X509Certificate oldCertificate, Buffer csr, Buffer signature) {
        return matches(oldCertificate, RENEW, csr, signature);
    }

    /** What the CA's key signs for a registered resource: the statement with the purpose before it. */
    public static Buffer resourceToSign(Buffer statement) {
        return Buffer.buffer(RESOURCE).appendBuffer(statement);
    }

    /** Whether the CA whose certificate this is has signed the statement of a registered resource. */
    public static boolean resourceMatches(X509Certificate ca, Buffer statement, Buffer signature) {
        return matches(ca, RESOURCE, statement, signature);
    }

    private static boolean matches(X509Certificate certificate, byte[] purpose, Buffer signed, Buffer signature) {
        if (!(certificate.getPublicKey() instanceof ECPublicKey key)) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance(AgentKey.SIGNATURE);
            verifier.initVerify(key);
            verifier.update(purpose);
            verifier.update(signed.getBytes());
            return verifier.verify(signature.getBytes());
        } catch (GeneralSecurityException e) {
            return false; // not even the form of a signature
        }
    }
}
