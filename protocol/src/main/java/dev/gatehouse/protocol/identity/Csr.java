package dev.gatehouse.protocol.identity;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A request for a certificate: PKCS#10, signed by the key it is for. Only its public key counts; the certificate's names are the CA's decision.
 *
 * @param publicKey on the curve P-256
 */
public record Csr(ECPublicKey publicKey) {

    /** Bound for a request's DER. */
    public static final int MAX_BYTES = 8 * 1024;

    /** DER of a request for {@code key}; {@code name} becomes its common name, for people who look at it. */
    public static Buffer make(AgentKey key, String name) {
        return make(key.pair(), name);
    }

    /** The same for any P-256 key, such as a node's. */
    public static Buffer make(KeyPair pair, String name) {
        try {
            return Buffer.buffer(new JcaPKCS10CertificationRequestBuilder(
                            new X500NameBuilder(BCStyle.INSTANCE)
                                    .addRDN(BCStyle.CN, name)
                                    .build(),
                            pair.getPublic())
                    .build(new JcaContentSignerBuilder(AgentKey.SIGNATURE).build(pair.getPrivate()))
                    .getEncoded());
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("a P-256 key signs everywhere", e);
        }
    }

    /** Reads a request whose signature proves that the asker has the key. The message of what it throws may be shown to the asker. */
    public static Csr read(Buffer der) throws BadCsr {
        if (der.length() > MAX_BYTES) {
            throw new BadCsr("csr of " + der.length() + " bytes; at most " + MAX_BYTES + " are allowed", null);
        }
        try {
            JcaPKCS10CertificationRequest request =
                    new JcaPKCS10CertificationRequest(new PKCS10CertificationRequest(der.getBytes()));
            var algorithm = request.getSubjectPublicKeyInfo().getAlgorithm();
            if (!algorithm.getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)
                    || !SECObjectIdentifiers.secp256r1.equals(algorithm.getParameters())) {
                throw new BadCsr("csr for another kind of key; P-256 is needed", null);
            }
            ECPublicKey key = (ECPublicKey) request.getPublicKey();
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new BadCsr("csr is not signed by the key it is for", null);
            }
            return new Csr(key);
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | RuntimeException e) {
            throw new BadCsr("csr cannot be read; DER of a PKCS#10 request is needed", e);
        }
    }

    /** A request that is not one, or not for a key that we certify. */
    public static final class BadCsr extends Exception {

        private static final long serialVersionUID = 1;

        BadCsr(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
