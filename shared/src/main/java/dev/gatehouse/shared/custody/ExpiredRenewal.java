package dev.gatehouse.shared.custody;

import dev.gatehouse.protocol.identity.AgentUri;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.identity.Signatures;
import dev.gatehouse.shared.custody.CustodyException.Reason;
import dev.gatehouse.shared.trust.CertificateAuthority;
import io.vertx.core.buffer.Buffer;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * An agent's request for a new certificate that its old key vouches for, because no link would take the old certificate any more. Pure; revocation is not looked at here.
 *
 * <p>To repeat a request that somebody else has seen gains nothing: the new certificate is for the key of the same signing request.
 *
 * @param certificate DER of the newest certificate that the agent has
 * @param csr DER of the PKCS#10 request
 * @param signature by the old key over the request, as {@link Signatures#renewal} makes it
 */
public record ExpiredRenewal(Buffer certificate, Buffer csr, Buffer signature) {

    static final int MAX_CERTIFICATE_BYTES = 16 * 1024;
    static final int MAX_SIGNATURE_BYTES = 1024;

    /** The certificate that has proved to be an agent's. */
    record Proved(UUID agentId, X509Certificate certificate) {}

    /**
     * Fails with a {@link CustodyException} unless the old certificate is by the CA, has not ended for longer than the grace, and its key has signed the request.
     */
    Proved check(X509Certificate agentsCa, Instant now, Duration grace) {
        limit("certificate", certificate, MAX_CERTIFICATE_BYTES);
        limit("signature", signature, MAX_SIGNATURE_BYTES);
        X509Certificate old;
        try {
            old = Pem.certificate(certificate.getBytes());
        } catch (CertificateException broken) {
            throw new CustodyException(Reason.BAD_REQUEST, "certificate cannot be read", broken);
        }
        UUID agentId = AgentUri.read(old)
                .orElseThrow(() -> new CustodyException(Reason.BAD_REQUEST, "certificate is not an agent's"));
        if (!CertificateAuthority.issued(agentsCa, old)) {
            throw new CustodyException(Reason.BAD_REQUEST, "certificate is not by the CA of agents of this deployment");
        }
        if (!Signatures.renewalMatches(old, csr, signature)) {
            throw new CustodyException(Reason.BAD_REQUEST, "signature is not by the certificate's key");
        }
        Instant end = old.getNotAfter().toInstant();
        if (now.isAfter(end.plus(grace))) {
            throw new CustodyException(
                    Reason.EXPIRED_CERTIFICATE,
                    "certificate ended at " + end + ", more than " + grace.toDays() + " days ago; enrol again");
        }
        return new Proved(agentId, old);
    }

    private static void limit(String field, Buffer bytes, int most) {
        if (bytes.length() == 0 || bytes.length() > most) {
            throw new CustodyException(
                    Reason.BAD_REQUEST, field + " of " + bytes.length() + " bytes; 1 to " + most + " are allowed");
        }
    }
}
