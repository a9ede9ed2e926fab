package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.shared.trust.CertificateAuthority;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom the {@code agent} endpoint completes a TLS handshake with: holders of a certificate by the CA of agents, also an expired or revoked one, so that the link can say in words why it is refused ({@link AgentIdentity}).
 *
 * <p>Thread-safe.
 */
final class AgentTrust extends X509ExtendedTrustManager {

    private final X509Certificate agentsCa;

    AgentTrust(X509Certificate agentsCa) {
        this.agentsCa = agentsCa;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        if (chain.length == 0 || !CertificateAuthority.issued(agentsCa, chain[0])) {
            throw new CertificateException("certificate is not by the CA of agents");
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
