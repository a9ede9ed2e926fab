package dev.gatehouse.bench.load;

import dev.gatehouse.bench.target.Identities;
import dev.gatehouse.bench.target.Target;
import dev.gatehouse.protocol.transport.Link;
import dev.gatehouse.protocol.transport.LinkSettings;
import dev.gatehouse.protocol.transport.Tls;
import dev.gatehouse.protocol.transport.Trust;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Opens the links of all agents of a load, on one TLS context: a context for each agent, as real ones have it, costs more than a link.
 *
 * <p>What tells agents apart inside that context is the port of the peer, the one thing that Vert.x hands down to the engine for each connection: it is the agent's number, while the connection goes to the real address. A
 * link belongs to the context it was dialled from. Thread-safe.
 */
public final class SharedDial {

    /** The port that stands for agent 0. */
    static final int FIRST = 1;

    private static final int CONNECT_MILLIS = 30_000;
    private static final int HANDSHAKE_SECONDS = 30;

    private final Vertx vertx;
    private final Target target;
    private final List<Identities.Identity> identities;
    private final NetClient client;

    public SharedDial(Vertx vertx, Target target, List<Identities.Identity> identities) {
        this.vertx = vertx;
        this.target = target;
        this.identities = identities;
        this.client = vertx.createNetClient(new NetClientOptions()
                .setSsl(true)
                .setSslEngineOptions(Tls.engine())
                .setKeyCertOptions(KeyCertOptions.wrap(new AgentKeys(identities)))
                .setTrustOptions(TrustOptions.wrap(new KnownServer(Trust.of(target.trust()))))
                .setTrustAll(false)
                .setHostnameVerificationAlgorithm("HTTPS")
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
                .setUseAlpn(true)
                .setApplicationLayerProtocols(List.of(Tls.ALPN))
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
                .setConnectTimeout(CONNECT_MILLIS)
                .setReconnectAttempts(0)
                .setTcpNoDelay(true));
    }

    Identities.Identity identity(int number) {
        return identities.get(number);
    }

    Future<Link> link(int number) {
        return client.connect(new ConnectOptions()
                        .setRemoteAddress(SocketAddress.inetSocketAddress(target.agentPort(), target.agentHost()))
                        .setHost(target.agentHost())
                        .setPort(FIRST + number)
                        .setSsl(true)
                        .setSniServerName(target.agentHost())
                        .setTimeout(CONNECT_MILLIS))
                .map(socket -> Link.over(vertx, socket, LinkSettings.DEFAULT));
    }
}
