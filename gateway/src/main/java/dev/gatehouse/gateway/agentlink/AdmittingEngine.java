package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.protocol.transport.Tls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/**
 * The OpenSSL engine with a bounded number of handshakes in progress: a connection beyond is closed before its handshake costs anything, as a fleet that comes back all at once would otherwise stall the links that are there.
 *
 * <p>Vert.x shows a connection only after its handshake, and upgrading a plain one stops its reads for ever; so this sits where it asks for a TLS handler. Here too, as Vert.x does not tell it of accepted connections, a peer that has not chosen the link
 * protocol (ALPN) is closed.
 */
final class AdmittingEngine extends OpenSSLEngineOptions {

    private final Admission admission;
    private final LinkMetrics metrics;

    AdmittingEngine(OpenSSLEngineOptions engine, Admission admission, LinkMetrics metrics) {
        super(engine);
        this.admission = admission;
        this.metrics = metrics;
    }

    @Override
    public AdmittingEngine copy() {
        return new AdmittingEngine(this, admission, metrics);
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return new Factory(super.sslContextFactory());
    }

    private final class Factory implements SslContextFactory {

        private final SslContextFactory inner;

        Factory(SslContextFactory inner) {
            this.inner = inner;
        }

        @Override
        public SslContextFactory useAlpn(boolean useAlpn) {
            inner.useAlpn(useAlpn);
            return this;
        }

        @Override
        public SslContextFactory clientAuth(ClientAuth clientAuth) {
            inner.clientAuth(clientAuth);
            return this;
        }

        @Override
        public SslContextFactory forClient(boolean forClient) {
            inner.forClient(forClient);
            return this;
        }

        @Override
        public SslContextFactory keyMananagerFactory(KeyManagerFactory keys) {
            inner.keyMananagerFactory(keys);
            return this;
        }

        @Override
        public SslContextFactory trustManagerFactory(TrustManagerFactory trust) {
            inner.trustManagerFactory(trust);
            return this;
        }

        @Override
        public SslContextFactory enabledCipherSuites(Set<String> suites) {
            inner.enabledCipherSuites(suites);
            return this;
        }

        @Override
        public SslContextFactory applicationProtocols(List<String> protocols) {
            inner.applicationProtocols(protocols);
            return this;
        }

        @Override
        public SslContextFactory serverName(String name) {
            inner.serverName(name);
            return this;
        }

        @Override
        public SslContext create() throws SSLException {
            return new Admitting(inner.create());
        }
    }

    private final class Admitting extends DelegatingSslContext {

        Admitting(SslContext inner) {
            super(inner);
        }

        @Override
        protected SslHandler newHandler(ByteBufAllocator memory, boolean startTls, Executor tasks) {
            return admission.beginHandshake() ? timed(super.newHandler(memory, startTls, tasks)) : refusing(memory);
        }

        @Override
        protected SslHandler newHandler(
                ByteBufAllocator memory, String host, int port, boolean startTls, Executor tasks) {
            return admission.beginHandshake()
                    ? timed(super.newHandler(memory, host, port, startTls, tasks))
                    : refusing(memory);
        }

        @SuppressWarnings("FutureReturnValueIgnored") // closed or gone already: nothing to do either way
        private SslHandler timed(SslHandler handler) {
            long begun = System.nanoTime();
            handler.handshakeFuture().addListener((Future<Channel> done) -> {
                admission.endHandshake();
                metrics.handshake(System.nanoTime() - begun);
                if (done.isSuccess() && !Tls.ALPN.equals(handler.applicationProtocol())) {
                    done.getNow().close();
                }
            });
            return handler;
        }

        private SslHandler refusing(ByteBufAllocator memory) {
            metrics.handshakeRefused();
            return new Refusing(newEngine(memory));
        }

        @Override
        protected void initEngine(SSLEngine engine) {
            // as the inner context makes it
        }
    }

    /** Closes the connection instead of shaking hands. */
    private static final class Refusing extends SslHandler {

        Refusing(SSLEngine engine) {
            super(engine);
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // closed or gone already: nothing to do either way
        public void handlerAdded(ChannelHandlerContext context) throws Exception {
            super.handlerAdded(context);
            context.channel().close();
        }
    }
}
