package dev.gatehouse.gateway.testing;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.Hello;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.transport.Tls;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameDecoder;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.protocol.wire.ProtocolException;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A TLS connection to the {@code agent} endpoint on which any bytes can be said. */
public final class RawTls implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final NetClient client;
    private final UUID agentId;
    private final FrameDecoder decoder = new FrameDecoder();
    private final List<Control> controls = new CopyOnWriteArrayList<>();
    private volatile NetSocket socket;
    private volatile boolean ended;

    private RawTls(NetClient client, UUID agentId) {
        this.client = client;
        this.agentId = agentId;
    }

    public static RawTls connect(TestGateway gateway) {
        return connect(gateway, options -> {});
    }

    /** Connects with something changed; whether that failed is asked by {@link #refused}. */
    public static RawTls connect(TestGateway gateway, Consumer<NetClientOptions> change) {
        UUID agentId = UUID.randomUUID();
        AgentKey key = AgentKey.generate();
        NetClientOptions options = new NetClientOptions()
                .setSsl(true)
                .setSslEngineOptions(Tls.engine())
                .setHostnameVerificationAlgorithm("")
                .setTrustOptions(new PemTrustOptions()
                        .addCertValue(Buffer.buffer(Pem.text(gateway.trust().nodesCa()))))
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(
                                Pem.text(gateway.trust().certificate(agentId, key, Instant.now(), Duration.ofDays(1)))))
                        .addKeyValue(Buffer.buffer(key.pem())))
                .setUseAlpn(true)
                .setApplicationLayerProtocols(List.of(Tls.ALPN))
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"));
        change.accept(options);
        RawTls raw = new RawTls(gateway.node().vertx().createNetClient(options), agentId);
        TestNode.get(raw.client
                .connect(gateway.agentPort(), "127.0.0.1")
                .onSuccess(raw::take)
                .<Void>mapEmpty()
                .recover(refused -> {
                    raw.ended = true;
                    return Future.succeededFuture();
                }));
        return raw;
    }

    private void take(NetSocket connected) {
        socket = connected;
        connected.closeHandler(gone -> ended = true).exceptionHandler(broken -> ended = true);
        connected.handler(bytes -> {
            try {
                decoder.add(bytes);
                for (Optional<Frame> frame = decoder.next(); frame.isPresent(); frame = decoder.next()) {
                    if (frame.get().type() == FrameType.CONTROL) {
                        controls.add(Control.parseFrom(frame.get().payload().getBytes()));
                    }
                }
            } catch (ProtocolException | InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** HELLO and WELCOME. */
    public void greet() {
        Hello hello = Hello.newBuilder()
                .setAgentId(Ids.bytes(agentId))
                .setName("raw")
                .setRun(1)
                .setRunId(Ids.bytes(new UUID(0, 1)))
                .setCounter(1)
                .build();
        send(Frame.of(FrameType.CONTROL, 0, Control.newBuilder().setHello(hello).build())
                .encode());
        await().atMost(PATIENCE).until(() -> controls.stream().anyMatch(Control::hasWelcome));
    }

    public void send(Buffer bytes) {
        TestNode.get(socket.write(bytes));
    }

    public LinkError error() {
        await().atMost(PATIENCE).until(() -> controls.stream().anyMatch(Control::hasError));
        await().atMost(PATIENCE).until(() -> ended);
        return controls.stream()
                .filter(Control::hasError)
                .map(Control::getError)
                .findFirst()
                .orElseThrow();
    }

    /** Whether the gateway hangs up, without a word. */
    public boolean refused() {
        await().atMost(PATIENCE).until(() -> ended);
        return controls.isEmpty();
    }

    @Override
    public void close() {
        TestNode.get(client.close());
    }
}
