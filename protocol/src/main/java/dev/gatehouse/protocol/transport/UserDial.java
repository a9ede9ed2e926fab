package dev.gatehouse.protocol.transport;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.UUID;

/**
 * Opens links of a user's tool to gateways' {@code access} endpoints, with the token of a sign-in.
 *
 * <p>A link belongs to the context it was dialled from. Thread-safe.
 */
public final class UserDial {

    /** The gateway does not take the token: dialling again is of no use. */
    public static final class NotSignedInException extends Exception {
        private static final long serialVersionUID = 1;

        NotSignedInException(Throwable cause) {
            super("the sign-in is not known or has ended", cause);
        }
    }

    /** Header of the handshake: the id of the session. */
    public static final String SESSION = "Gatehouse-Session";

    private static final int UNAUTHORIZED = 401;

    private final Vertx vertx;
    private final LinkSettings settings;
    private final String token;
    private final WebSocketClient webSocket;

    /** @param trust CAs of gateways beside the system's */
    public UserDial(Vertx vertx, LinkSettings settings, String token, List<X509Certificate> trust) {
        this.vertx = vertx;
        this.settings = settings;
        this.token = token;
        this.webSocket = vertx.createWebSocketClient(Dial.webSocket(settings, trust));
    }

    /**
     * A link to the gateway at the HTTPS address; fails with {@link NotSignedInException} when it knows no such sign-in.
     *
     * @param session whose tunnels go over it: the same on whatever gateway a session goes on
     */
    public Future<Link> to(URI url, UUID session) {
        return Dial.to(url)
                .compose(options ->
                        webSocket.connect(options.putHeader(HttpHeaders.AUTHORIZATION.toString(), "Bearer " + token)
                                .putHeader(SESSION, session.toString())))
                .map(socket -> Link.over(vertx, socket, settings))
                .recover(cause -> Future.failedFuture(
                        cause instanceof UpgradeRejectedException refused && refused.getStatus() == UNAUTHORIZED
                                ? new NotSignedInException(cause)
                                : cause));
    }

    /** Closes it, and with it every link that it has opened and that is still open. */
    public Future<Void> close() {
        return webSocket.close();
    }
}
