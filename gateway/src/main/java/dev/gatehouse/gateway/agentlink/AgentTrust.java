package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.shared.trust.CertificateAuthority;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom the {@code agent} endpoint completes a TLS handshake with: holders of a certificate by the CA of agents, also an expired or revoked one, so that the link can say in words why it is refused ({@link AgentIdentity}).
 *
 * <p>That the CA has signed a certificate stays true, so it is worked out once: when a fleet comes back, the signatures of the certificates would be a good part of what its links cost.
 *
 * <p>Thread-safe.
 */
final class AgentTrust extends X509ExtendedTrustManager {

    /** Most certificates that are remembered, about 150 bytes each: more than a gateway has links. */
    static final int REMEMBERED = 32_768;

    private final X509Certificate agentsCa;
    private final Map<ByteBuffer, Boolean> issued = Collections.synchronizedMap(new LastUsed());

    AgentTrust(X509Certificate agentsCa) {
        this.agentsCa = agentsCa;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        if (chain.length == 0 || !isIssued(chain[0])) {
            throw new CertificateException("certificate is not by the CA of agents");
        }
    }

    private boolean isIssued(X509Certificate certificate) throws CertificateException {
        ByteBuffer hash = ByteBuffer.wrap(sha256(certificate.getEncoded()));
        if (issued.containsKey(hash)) {
            return true;
        }
        if (!CertificateAuthority.issued(agentsCa, certificate)) {
            return false;
        }
        issued.put(hash, true);
        return true;
    }

    /** How many certificates need no second look. */
    int remembered() {
        return issued.size();
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Forgets what was not used for longest. */
    private static final class LastUsed extends LinkedHashMap<ByteBuffer, Boolean> {

        private static final long serialVersionUID = 1;

        LastUsed() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("agents are not servers");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[] {agentsCa};
    }
}
