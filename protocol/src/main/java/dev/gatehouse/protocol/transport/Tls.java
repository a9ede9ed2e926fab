package dev.gatehouse.protocol.transport;

import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.SSLEngineOptions;
import java.util.List;
import java.util.Set;

/** What all TLS of links has in common. */
public final class Tls {

    /** The application protocol: both ends must name it. */
    public static final String ALPN = "gatehouse/1";

    static final List<String> ALPNS = List.of(ALPN);
    static final Set<String> VERSIONS = Set.of("TLSv1.3");

    /** A handshake takes a few round trips; a peer that stops in the middle holds memory. */
    static final long HANDSHAKE_SECONDS = 5;

    private Tls() {}

    /** BoringSSL where its library is there: three times as many handshakes as the JDK's engine. */
    public static SSLEngineOptions engine() {
        return OpenSSLEngineOptions.isAvailable() && OpenSSLEngineOptions.isAlpnAvailable()
                ? new OpenSSLEngineOptions().setSessionCacheEnabled(false)
                : new JdkSSLEngineOptions();
    }
}
