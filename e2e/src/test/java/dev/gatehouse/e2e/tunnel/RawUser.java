package dev.gatehouse.e2e.tunnel;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.gatehouse.protocol.message.Close;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.message.Open;
import dev.gatehouse.protocol.message.Opened;
import dev.gatehouse.protocol.message.Resume;
import dev.gatehouse.protocol.transport.Link;
import dev.gatehouse.protocol.transport.Priority;
import dev.gatehouse.protocol.transport.UserDial;
import dev.gatehouse.protocol.tunnel.Proof;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/** A user's link whose frames are said by hand. */
final class RawUser {

    final List<Frame> frames = new CopyOnWriteArrayList<>();
    private final Link link;
    private volatile boolean ended;

    RawUser(Vertx vertx, UserDial dial, URI gateway) {
        Context context = vertx.getOrCreateContext();
        Promise<Link> linked = Promise.promise();
        context.runOnContext(now -> dial.to(gateway, UUID.randomUUID())
                .onSuccess(made -> made.start(frames::add, end -> ended = true))
                .onComplete(linked));
        link = TestNode.get(linked.future());
    }

    static int channel(int number) {
        return number | 0x8000_0000;
    }

    void send(FrameType type, int channel, MessageLite message) {
        send(Frame.of(type, channel, message));
    }

    void send(Frame frame) {
        link.context().runOnContext(now -> link.send(frame));
    }

    static Open.Builder open(UUID tunnel, String resource, ByteString secret) {
        return Open.newBuilder()
                .setTunnelId(Ids.bytes(tunnel))
                .setResource(resource)
                .setSecret(secret)
                .setLimit(256 * 1024);
    }

    static Resume.Builder resume(
            UUID tunnel, ByteString agent, String resource, ByteString secret, int attachment, long consumed) {
        return Resume.newBuilder()
                .setTunnelId(Ids.bytes(tunnel))
                .setAgentId(agent)
                .setResource(resource)
                .setAttachment(attachment)
                .setConsumed(consumed)
                .setLimit(consumed + 256 * 1024)
                .setProof(Proof.of(secret, tunnel, attachment, consumed));
    }

    /** Sends so many bytes as fast as the link takes them, whatever the window says. */
    void flood(int channel, long bytes) {
        link.context().runOnContext(now -> {
            flood(channel, new long[] {bytes});
        });
    }

    private void flood(int channel, long[] left) {
        link.onDrain(() -> flood(channel, left));
        while (left[0] > 0 && link.isOpen() && link.writable(Priority.TUNNEL)) {
            link.send(new Frame(FrameType.DATA, channel, Buffer.buffer(new byte[Frame.MAX_PAYLOAD])));
            left[0] -= Frame.MAX_PAYLOAD;
        }
    }

    /** The first frame of the type on the channel. */
    Frame await(FrameType type, int channel) {
        Awaitility.await()
                .atMost(TunnelRig.PATIENCE)
                .until(() ->
                        ended || frames.stream().anyMatch(frame -> frame.type() == type && frame.channel() == channel));
        return frames.stream()
                .filter(frame -> frame.type() == type && frame.channel() == channel)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type + " but " + frames));
    }

    Opened opened(int channel) throws Exception {
        return Opened.parseFrom(await(FrameType.OPENED, channel).payload().getBytes());
    }

    Close close(int channel) throws Exception {
        return Close.parseFrom(await(FrameType.CLOSE, channel).payload().getBytes());
    }

    /** Why the gateway has ended the link. */
    LinkError error() throws Exception {
        return Control.parseFrom(await(FrameType.CONTROL, 0).payload().getBytes())
                .getError();
    }

    boolean isOpen() {
        return !ended;
    }

    void hangUp() {
        link.context().runOnContext(now -> link.close());
        Awaitility.await().atMost(TunnelRig.PATIENCE).until(() -> ended);
    }
}
