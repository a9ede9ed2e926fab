package dev.gatehouse.bench.load;

import dev.gatehouse.bench.target.Identities;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * The keys of all agents of a load in one TLS context: a connection shows the certificate of the agent whose number its engine has as the peer's port ({@link SharedDial}). Thread-safe.
 */
final class AgentKeys extends X509ExtendedKeyManager {

    private final List<Identities.Identity> identities;

    AgentKeys(List<Identities.Identity> identities) {
        this.identities = identities;
    }

    @Override
    public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return Integer.toString(engine.getPeerPort());
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return new X509Certificate[] {identity(alias).certificate()};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return identity(alias).key();
    }

    private Identities.Identity identity(String alias) {
        return identities.get(Integer.parseInt(alias) - SharedDial.FIRST);
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return null; // only engines know their agent
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return null;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return null;
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return null;
    }
}
