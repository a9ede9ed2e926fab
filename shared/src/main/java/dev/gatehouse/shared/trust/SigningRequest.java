package dev.gatehouse.shared.trust;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/**
 * The key out of a PKCS#10 request whose sender has shown that they hold its private half. What the request says of names is not looked at: who it is for is decided here, never by the sender.
 *
 * <p>Elliptic keys on P-256 and RSA keys of 2,048 to 8,192 bits are taken.
 */
public record SigningRequest(PublicKey key) {

    /** Of a request's DER; our agents' have about 200. */
    public static final int MAX_BYTES = 16 * 1024;

    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 8192; // a check costs the square of it
    private static final int MAX_RSA_EXPONENT_BITS = 33;

    /** Why a request was refused. */
    public static final class Refused extends Exception {

        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }

        Refused(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Reads and checks a request. CPU-bound, about a millisecond. */
    public static SigningRequest parse(byte[] der) throws Refused {
        if (der.length == 0 || der.length > MAX_BYTES) {
            throw new Refused("signing request of " + der.length + " bytes; 1 to " + MAX_BYTES + " are allowed");
        }
        try {
            JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(der);
            checkAlgorithm(request);
            PublicKey key = request.getPublicKey();
            checkStrength(key);
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new Refused("signing request's signature does not fit its key");
            }
            return new SigningRequest(key);
        } catch (IOException
                | PKCSException
                | OperatorCreationException
                | GeneralSecurityException
                | RuntimeException broken) { // the parser throws several of its own on garbage
            throw new Refused("signing request cannot be read: " + broken.getMessage(), broken);
        }
    }

    private static void checkAlgorithm(PKCS10CertificationRequest request) throws Refused {
        AlgorithmIdentifier algorithm = request.getSubjectPublicKeyInfo().getAlgorithm();
        boolean p256 = algorithm.getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)
                && SECObjectIdentifiers.secp256r1.equals(algorithm.getParameters());
        if (!p256 && !algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.rsaEncryption)) {
            throw new Refused("key of algorithm " + algorithm.getAlgorithm()
                    + "; elliptic keys on P-256 and RSA keys of at least " + MIN_RSA_BITS + " bits are allowed");
        }
    }

    private static void checkStrength(PublicKey key) throws Refused {
        switch (key) {
            case ECPublicKey onP256 -> {}
            case RSAPublicKey rsa -> {
                int bits = rsa.getModulus().bitLength();
                BigInteger exponent = rsa.getPublicExponent();
                if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
                    throw new Refused(
                            "RSA key of " + bits + " bits; " + MIN_RSA_BITS + " to " + MAX_RSA_BITS + " are allowed");
                }
                if (exponent.bitLength() > MAX_RSA_EXPONENT_BITS
                        || exponent.compareTo(BigInteger.TWO) <= 0
                        || !exponent.testBit(0)) {
                    throw new Refused("RSA key with the public exponent " + exponent + "; 65537 is usual");
                }
            }
            default -> throw new Refused("key of type " + key.getAlgorithm() + "; EC and RSA are allowed");
        }
    }
}
