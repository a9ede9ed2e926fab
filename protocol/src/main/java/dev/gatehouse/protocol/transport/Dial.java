package dev.gatehouse.protocol.transport;

import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.protocol.identity.Pem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Opens links to gateways for one identity and one set of trusted CAs. A renewed certificate needs a new one.
 *
 * <p>A link belongs to the context it was dialled from. Thread-safe.
 */
public final class Dial {

    private static final int CONNECT_MILLIS = 5_000;

    private final Vertx vertx;
    private final LinkSettings settings;
    private final NetClient tcp;
    private final WebSocketClient webSocket;

    /**
     * @param chain the agent's certificate, then its issuers if the gateway doesn't have them
     * @param trust the CAs of gateways; for WebSocket the system's are trusted too, as a balancer may end TLS there
     */
    public Dial(
            Vertx vertx,
            LinkSettings settings,
            AgentKey key,
            List<X509Certificate> chain,
            List<X509Certificate> trust) {
        this(vertx, settings, Buffer.buffer(Pem.text(chain)), Buffer.buffer(key.pem()), trust);
    }

    /**
     * The same for whoever has PEM.
     *
     * @param chain of the certificate and its issuers
     */
    public Dial(Vertx vertx, LinkSettings settings, Buffer chain, Buffer key, List<X509Certificate> trust) {
        this.vertx = vertx;
        this.settings = settings;
        this.tcp = vertx.createNetClient(new NetClientOptions()
                .setSsl(true)
                .setSslEngineOptions(Tls.engine())
                .setKeyCertOptions(new PemKeyCertOptions().addCertValue(chain).addKeyValue(key))
                .setTrustOptions(TrustOptions.wrap(Trust.of(trust)))
                .setTrustAll(false)
                .setHostnameVerificationAlgorithm("HTTPS")
                .setEnabledSecureTransportProtocols(Tls.VERSIONS)
                .setUseAlpn(true)
                .setApplicationLayerProtocols(Tls.ALPNS)
                .setSslHandshakeTimeout(Tls.HANDSHAKE_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
                .setConnectTimeout(CONNECT_MILLIS)
                .setReconnectAttempts(0)
                .setTcpNoDelay(true)
                .setReadIdleTimeout(settings.stuckMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS));
        this.webSocket = vertx.createWebSocketClient(webSocket(settings, trust));
    }

    static WebSocketClientOptions webSocket(LinkSettings settings, List<X509Certificate> trust) {
        return new WebSocketClientOptions()
                .setSslEngineOptions(Tls.engine())
                .setTrustOptions(TrustOptions.wrap(Trust.orSystem(trust)))
                .setTrustAll(false)
                .setVerifyHost(true)
                .setSslHandshakeTimeout(Tls.HANDSHAKE_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
                .setConnectTimeout(CONNECT_MILLIS)
                .setMaxFrameSize(Listening.WEB_SOCKET_FRAME)
                .setMaxMessageSize(Listening.WEB_SOCKET_FRAME)
                .setTryUsePerFrameCompression(false)
                .setTryUsePerMessageCompression(false)
                .setClosingTimeout((int) settings.closing().toSeconds())
                .setMaxConnections(Integer.MAX_VALUE)
                .setTcpNoDelay(true)
                .setReadIdleTimeout(settings.stuckMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    }

    /** A link to an {@code agent} endpoint, TLS mutual. Fails when the server is not trusted or doesn't speak the protocol. */
    public Future<Link> tls(String host, int port) {
        return tcp.connect(new ConnectOptions()
                        .setHost(host)
                        .setPort(port)
                        .setSsl(true) // false by default, whatever the client's options say
                        .setSniServerName(host)
                        .setTimeout(CONNECT_MILLIS))
                .compose(socket -> overTls(socket, host, port));
    }

    /** A link to an {@code access} endpoint: {@code url} is its HTTPS address, {@code /link} below it is dialled. */
    public Future<Link> webSocket(URI url) {
        return to(url).compose(webSocket::connect).map(socket -> Link.over(vertx, socket, settings));
    }

    static Future<WebSocketConnectOptions> to(URI url) {
        if (!"https".equals(url.getScheme()) || url.getHost() == null) {
            return Future.failedFuture(
                    new IllegalArgumentException("access address '" + url + "'; https://HOST[:PORT] is needed"));
        }
        return Future.succeededFuture(new WebSocketConnectOptions()
                .setHost(url.getHost())
                .setPort(url.getPort() < 0 ? 443 : url.getPort())
                .setURI("/link")
                .setSsl(true)
                .setTimeout(CONNECT_MILLIS)
                .setAllowOriginHeader(false));
    }

    /** Closes it, and with it every link that it has opened and that is still open. */
    public Future<Void> close() {
        return tcp.close().eventually(webSocket::close);
    }

    private Future<Link> overTls(NetSocket socket, String host, int port) {
        if (!Tls.ALPN.equals(socket.applicationLayerProtocol())) {
            return socket.close()
                    .transform(closed -> Future.failedFuture(
                            host + ":" + port + " does not speak " + Tls.ALPN + " (no such ALPN in its answer)"));
        }
        return Future.succeededFuture(Link.over(vertx, socket, settings));
    }
}
