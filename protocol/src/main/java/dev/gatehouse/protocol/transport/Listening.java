package dev.gatehouse.protocol.transport;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Options of the servers that take links. */
public final class Listening {

    /** Connections that may wait to be accepted: a fleet comes back all at once. */
    public static final int BACKLOG = 1024;

    /** Bound for one WebSocket frame: a whole frame of ours with room to spare. */
    static final int WEB_SOCKET_FRAME = 128 * 1024;

    /** An HTTP server cannot end what is quiet, as a download is: the kernel ends what takes no bytes (native transport only). */
    private static final int STUCK_MILLIS = 30_000;

    /** A balancer sends its header with its first packet; who sends none is no balancer. */
    private static final int PROXY_HEADER_SECONDS = 5;

    private Listening() {}

    /**
     * The {@code agent} endpoint: TLS 1.3 only, ALPN {@code gatehouse/1}, a client certificate of one of {@code clients} required. Vert.x doesn't tell a server what was agreed on; the client insists.
     *
     * @param chain PEM of the server's certificate and its issuers
     * @param key PEM of its private key
     */
    public static NetServerOptions tls(LinkSettings settings, Buffer chain, Buffer key, List<X509Certificate> clients) {
        NetServerOptions options = new NetServerOptions()
                .setSsl(true)
                .setSslEngineOptions(Tls.engine())
                .setKeyCertOptions(new PemKeyCertOptions().addCertValue(chain).addKeyValue(key))
                .setTrustOptions(TrustOptions.wrap(Trust.of(clients)))
                .setClientAuth(ClientAuth.REQUIRED)
                .setEnabledSecureTransportProtocols(Tls.VERSIONS)
                .setUseAlpn(true)
                .setSslHandshakeTimeout(Tls.HANDSHAKE_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
                .setAcceptBacklog(BACKLOG)
                .setTcpNoDelay(true)
                .setReadIdleTimeout(settings.stuckMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        options.getSslOptions().setApplicationLayerProtocols(Tls.ALPNS);
        return options;
    }

    /** The same with the default times. */
    public static NetServerOptions tls(Buffer chain, Buffer key, List<X509Certificate> clients) {
        return tls(LinkSettings.DEFAULT, chain, key, clients);
    }

    /** Makes it a listener for a balancer: each connection begins with a PROXY protocol header, whose source is then the remote address, and is closed without one. */
    public static <O extends NetServerOptions> O behindProxy(O options) {
        options.setUseProxyProtocol(true)
                .setProxyProtocolTimeout(PROXY_HEADER_SECONDS)
                .setProxyProtocolTimeoutUnit(TimeUnit.SECONDS);
        return options;
    }

    /** Adds to a server's options what links over WebSocket need. Compression is off: chunks are packed already, and it is a way to fill memory. */
    public static HttpServerOptions webSocket(HttpServerOptions options) {
        return options.setTcpUserTimeout(STUCK_MILLIS)
                .setMaxWebSocketFrameSize(WEB_SOCKET_FRAME)
                .setMaxWebSocketMessageSize(WEB_SOCKET_FRAME)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false);
    }
}
