package dev.gatehouse.bench.load;

import java.net.Socket;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Believes servers that another trust manager believes, and asks it once for each certificate and host: thousands of agents in one process meet the same few gateways, where real ones would each check on a machine of their
 * own. Thread-safe.
 */
final class KnownServer extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager first;
    private final Map<String, byte[]> known = new ConcurrentHashMap<>();

    KnownServer(X509ExtendedTrustManager first) {
        this.first = first;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        String host = String.valueOf(engine.getPeerHost());
        byte[] shown = encoded(chain);
        if (!Arrays.equals(known.get(host), shown)) {
            first.checkServerTrusted(chain, authType, engine);
            known.put(host, shown);
        }
    }

    private static byte[] encoded(X509Certificate[] chain) throws CertificateEncodingException {
        return chain[0].getEncoded();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        first.checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        first.checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        first.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        first.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        first.checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return first.getAcceptedIssuers();
    }
}
