package dev.gatehouse.shared.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.metrics.ClientMetrics;
import io.vertx.core.spi.metrics.DatagramSocketMetrics;
import io.vertx.core.spi.metrics.EventBusMetrics;
import io.vertx.core.spi.metrics.HttpClientMetrics;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.metrics.PoolMetrics;
import io.vertx.core.spi.metrics.TCPMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import io.vertx.micrometer.MicrometerMetricsFactory;

/**
 * Vert.x's own metrics, but none of HTTP servers that a balancer tells the clients' addresses: Vert.x 5.0 gives such an address to the first who asks for it, which are the metrics, and requests would have the balancer's.
 */
final class NodeMetrics extends MicrometerMetricsFactory {

    NodeMetrics(MeterRegistry meters) {
        super(meters);
    }

    @Override
    public VertxMetrics metrics(VertxOptions options) {
        return new ButForProxied(super.metrics(options));
    }

    private record ButForProxied(VertxMetrics all) implements VertxMetrics {

        @Override
        public HttpServerMetrics<?, ?, ?> createHttpServerMetrics(HttpServerOptions options, SocketAddress address) {
            return options.isUseProxyProtocol() ? null : all.createHttpServerMetrics(options, address);
        }

        @Override
        public EventBusMetrics<?> createEventBusMetrics() {
            return all.createEventBusMetrics();
        }

        @Override
        public ClientMetrics<?, ?, ?> createClientMetrics(SocketAddress address, String type, String namespace) {
            return all.createClientMetrics(address, type, namespace);
        }

        @Override
        public HttpClientMetrics<?, ?, ?> createHttpClientMetrics(HttpClientOptions options) {
            return all.createHttpClientMetrics(options);
        }

        @Override
        public TCPMetrics<?> createNetServerMetrics(NetServerOptions options, SocketAddress address) {
            return all.createNetServerMetrics(options, address);
        }

        @Override
        public TCPMetrics<?> createNetClientMetrics(NetClientOptions options) {
            return all.createNetClientMetrics(options);
        }

        @Override
        public DatagramSocketMetrics createDatagramSocketMetrics(DatagramSocketOptions options) {
            return all.createDatagramSocketMetrics(options);
        }

        @Override
        public PoolMetrics<?, ?> createPoolMetrics(String type, String name, int size) {
            return all.createPoolMetrics(type, name, size);
        }

        @Override
        public void vertxCreated(Vertx vertx) {
            all.vertxCreated(vertx);
        }

        @Override
        public boolean isMetricsEnabled() {
            return all.isMetricsEnabled();
        }

        @Override
        public void close() {
            all.close();
        }
    }
}
