package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.protocol.identity.AgentUri;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.identity.Signatures;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.Hello;
import dev.gatehouse.protocol.wire.ProtocolException;
import dev.gatehouse.shared.trust.CertificateAuthority;
import dev.gatehouse.shared.trust.Revocations;
import io.vertx.core.buffer.Buffer;
import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.UUID;

/**
 * Who is at the other end of a link, as a certificate proves it.
 *
 * @param serial of the certificate
 */
record AgentIdentity(UUID agentId, BigInteger serial) {

    /** Longest certificate that HELLO may carry. */
    private static final int MAX_CERTIFICATE = 16 * 1024;

    /** Says who the holder of a certificate by the CA of agents is, or why he may not have a link: expired, revoked. Who issued it and that he holds its key has been checked ({@link AgentTrust}). */
    static AgentIdentity of(X509Certificate certificate, Revocations revocations, Instant now)
            throws ProtocolException {
        UUID agentId = AgentUri.read(certificate)
                .orElseThrow(() -> new ProtocolException(ErrorCode.NOT_ENROLLED, "certificate names no agent"));
        AgentIdentity identity = new AgentIdentity(agentId, certificate.getSerialNumber());
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            throw new ProtocolException(
                    ErrorCode.CERTIFICATE_EXPIRED,
                    "certificate ended at " + certificate.getNotAfter().toInstant() + "; renew it on `access`");
        }
        identity.checkNotRevoked(revocations);
        return identity;
    }

    void checkNotRevoked(Revocations revocations) throws ProtocolException {
        if (revocations.isRevoked(agentId)) {
            throw new ProtocolException(ErrorCode.REVOKED, "this agent has been revoked");
        }
        if (revocations.isRevoked(serial)) {
            throw new ProtocolException(ErrorCode.REVOKED, "this certificate has been revoked");
        }
    }

    /** For a WebSocket link: HELLO brings the certificate, and a signature by its key over the nonce. */
    static AgentIdentity signed(
            Hello hello, Buffer nonce, X509Certificate agentsCa, Revocations revocations, Instant now)
            throws ProtocolException {
        if (hello.getCertificate().isEmpty() || hello.getCertificate().size() > MAX_CERTIFICATE) {
            throw new ProtocolException(
                    ErrorCode.BAD_MESSAGE,
                    "HELLO.certificate of " + hello.getCertificate().size() + " bytes; 1 to " + MAX_CERTIFICATE
                            + " are allowed");
        }
        X509Certificate certificate;
        try {
            certificate = Pem.certificate(hello.getCertificate().toByteArray());
        } catch (CertificateException unreadable) {
            throw new ProtocolException(ErrorCode.BAD_MESSAGE, "HELLO.certificate cannot be read");
        }
        if (!CertificateAuthority.issued(agentsCa, certificate)) {
            throw new ProtocolException(ErrorCode.NOT_ENROLLED, "certificate is not by this deployment's CA of agents");
        }
        AgentIdentity identity = of(certificate, revocations, now);
        if (!Signatures.linkMatches(
                certificate, nonce, Buffer.buffer(hello.getSignature().toByteArray()))) {
            throw new ProtocolException(
                    ErrorCode.NOT_ENROLLED, "HELLO.signature is not by the certificate's key over the nonce");
        }
        return identity;
    }
}
