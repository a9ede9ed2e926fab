package dev.gatehouse.shared.node;

import dev.gatehouse.protocol.transport.Tls;
import dev.gatehouse.shared.trust.NodeIdentity;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * TLS of the event bus: 1.3 only, both sides show a certificate by the CA of nodes, which is all that either trusts. Each of Vert.x's defaults here is unsafe.
 *
 * <p>Which node the other side is, is not compared: Vert.x dials the bus by address and turns that check off itself, and every node may speak for the cluster anyway. The certificate cannot be replaced in a running process.
 */
final class BusTls {

    private static final int HANDSHAKE_SECONDS = 5;

    private BusTls() {}

    static void apply(EventBusOptions options, NodeIdentity identity) {
        options.setSsl(true)
                .setTrustAll(false)
                .setClientAuth(ClientAuth.REQUIRED)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(identity.chainPem())
                        .addKeyValue(identity.keyPem()))
                .setTrustOptions(new PemTrustOptions().addCertValue(identity.caPem()))
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
                .setSslEngineOptions(Tls.engine())
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
    }
}
