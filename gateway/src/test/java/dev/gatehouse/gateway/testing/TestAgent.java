package dev.gatehouse.gateway.testing;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatehouse.protocol.identity.AgentKey;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.identity.Signatures;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.Hello;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.message.Welcome;
import dev.gatehouse.protocol.stream.Ack;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import dev.gatehouse.protocol.transport.Dial;
import dev.gatehouse.protocol.transport.Link;
import dev.gatehouse.protocol.transport.LinkEnd;
import dev.gatehouse.protocol.transport.LinkSettings;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.protocol.wire.ProtocolException;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** An agent's end of one link, said by hand: what came is kept, what is sent is the test's. */
public final class TestAgent implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    public final UUID agentId;
    public final AgentKey key;
    public final List<Frame> frames = new CopyOnWriteArrayList<>();
    public final List<Control> controls = new CopyOnWriteArrayList<>();
    public final Map<Integer, StreamOpened> opened = new ConcurrentHashMap<>();
    public final Map<Integer, Long> durable = new ConcurrentHashMap<>();
    private final Context context;
    private final Vertx vertx;
    private final X509Certificate certificate;
    private final X509Certificate nodesCa;
    private final Dial dial;
    private volatile Link link;
    private volatile LinkEnd end;
    private volatile long limit;

    /** An agent with a good certificate. */
    public TestAgent(Vertx vertx, TestTrust trust) {
        this(vertx, trust, UUID.randomUUID(), AgentKey.generate(), Instant.now(), Duration.ofDays(7));
    }

    public TestAgent(
            Vertx vertx, TestTrust trust, UUID agentId, AgentKey key, Instant certifiedFrom, Duration validity) {
        this(vertx, agentId, key, trust.certificate(agentId, key, certifiedFrom, validity), trust.nodesCa());
    }

    public TestAgent(Vertx vertx, UUID agentId, AgentKey key, X509Certificate certificate, X509Certificate nodesCa) {
        this.context = vertx.getOrCreateContext();
        this.agentId = agentId;
        this.key = key;
        this.vertx = vertx;
        this.certificate = certificate;
        this.nodesCa = nodesCa;
        this.dial = new Dial(vertx, LinkSettings.DEFAULT, key, List.of(certificate), List.of(nodesCa));
    }

    /** Another link of the same agent. */
    public TestAgent again() {
        return new TestAgent(vertx, agentId, key, certificate, nodesCa);
    }

    /** Connects over TLS; says nothing yet. */
    public TestAgent connect(int port) {
        on(() -> dial.tls("127.0.0.1", port).onSuccess(this::take).mapEmpty());
        return this;
    }

    public TestAgent connectWebSocket(int port) {
        on(() -> dial.webSocket(URI.create("https://127.0.0.1:" + port))
                .onSuccess(this::take)
                .mapEmpty());
        return this;
    }

    private void take(Link made) {
        link = made;
        made.start(this::frame, ended -> end = ended);
    }

    private void frame(Frame frame) throws ProtocolException {
        frames.add(frame);
        switch (frame.type()) {
            case CONTROL -> {
                try {
                    Control control = Control.parseFrom(frame.payload().getBytes());
                    if (control.hasWelcome()) {
                        limit = control.getWelcome().getCaptureLimit();
                    }
                    controls.add(control);
                } catch (InvalidProtocolBufferException e) {
                    throw new AssertionError(e);
                }
            }
            case STREAM_OPENED -> {
                try {
                    opened.put(
                            frame.channel(),
                            StreamOpened.parseFrom(frame.payload().getBytes()));
                } catch (InvalidProtocolBufferException e) {
                    throw new AssertionError(e);
                }
            }
            case ACK -> {
                Ack ack = Ack.decode(frame.payload());
                limit = Math.max(limit, ack.limit());
                if (frame.channel() != 0) {
                    durable.merge(frame.channel(), ack.next(), Math::max);
                }
            }
            default -> {}
        }
    }

    /** A HELLO of run 1, slot 0, counter 1, to change as the test likes. */
    public Hello.Builder hello() {
        return Hello.newBuilder()
                .setAgentId(Ids.bytes(agentId))
                .setName("test")
                .setVersion("1")
                .setRun(1)
                .setRunId(Ids.bytes(new UUID(0, 1)))
                .setCounter(1);
    }

    /** For a WebSocket link: HELLO with the certificate and a signature over the challenge. */
    public Hello.Builder signedHello() {
        await().atMost(PATIENCE).until(() -> controls.stream().anyMatch(Control::hasChallenge));
        Buffer nonce = Buffer.buffer(controls.stream()
                .filter(Control::hasChallenge)
                .findFirst()
                .orElseThrow()
                .getChallenge()
                .getNonce()
                .toByteArray());
        return hello().setCertificate(ByteString.copyFrom(Pem.der(certificate)))
                .setSignature(ByteString.copyFrom(Signatures.link(key, nonce).getBytes()));
    }

    public Welcome greet() {
        return greet(hello());
    }

    public Welcome greet(Hello.Builder hello) {
        send(Control.newBuilder().setHello(hello).build());
        await().atMost(PATIENCE).until(() -> welcome().isPresent() || end != null);
        return welcome().orElseThrow(() -> new AssertionError("refused: " + error()));
    }

    private Optional<Welcome> welcome() {
        return controls.stream()
                .filter(Control::hasWelcome)
                .map(Control::getWelcome)
                .findFirst();
    }

    /** The error with which the gateway ends the link. */
    public LinkError error() {
        await().atMost(PATIENCE).until(() -> controls.stream().anyMatch(Control::hasError) || end != null);
        return controls.stream()
                .filter(Control::hasError)
                .map(Control::getError)
                .findFirst()
                .orElseThrow(() -> new AssertionError("ended without a word: " + end));
    }

    public boolean ended() {
        return end != null;
    }

    public long limit() {
        return limit;
    }

    public long rewinds() {
        return controls.stream().filter(Control::hasRewind).count();
    }

    /** Opens a stream and waits for the answer. */
    public StreamOpened open(int channel, UUID stream) {
        sendOpen(channel, stream);
        await().atMost(PATIENCE).until(() -> opened.containsKey(channel));
        return opened.get(channel);
    }

    public void sendOpen(int channel, UUID stream) {
        send(Frame.of(
                FrameType.STREAM_OPEN,
                channel,
                StreamOpen.newBuilder()
                        .setStreamId(Ids.bytes(stream))
                        .setKind(StreamKind.FILE)
                        .setName("a")
                        .build()));
    }

    public void send(Control control) {
        send(Frame.of(FrameType.CONTROL, 0, control));
    }

    public void send(Frame... all) {
        on(() -> {
            for (Frame frame : all) {
                link.send(frame);
            }
            return Future.succeededFuture();
        });
    }

    public static Buffer chunk(long sequence, byte[] bytes) {
        return new Chunk(
                        sequence,
                        0,
                        0,
                        1,
                        Codec.NONE,
                        bytes.length,
                        0,
                        false,
                        Optional.empty(),
                        Buffer.buffer(),
                        Buffer.buffer(bytes))
                .encode();
    }

    public void sendChunk(int channel, long sequence, int bytes) {
        send(new Frame(FrameType.CHUNK, channel, chunk(sequence, new byte[bytes])));
    }

    /** Closes without a word. */
    public void hangUp() {
        on(dial::close);
    }

    @Override
    public void close() {
        hangUp();
    }

    /** Does something on the link's context and waits for it. */
    public void on(Supplier<Future<Void>> action) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(now -> action.get().onComplete(done));
        TestNode.get(done.future());
    }
}
