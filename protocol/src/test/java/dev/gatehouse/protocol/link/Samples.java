package dev.gatehouse.protocol.link;

import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.Hello;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.Ids;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.UUID;

/** Good messages and frames, for tests to spoil. */
public final class Samples {

    private Samples() {}

    public static Hello.Builder hello() {
        return Hello.newBuilder()
                .setAgentId(Ids.bytes(new UUID(1, 2)))
                .setName("laptop-7")
                .setVersion("0.1.0")
                .putLabels("site", "here")
                .setRun(3)
                .setRunId(Ids.bytes(new UUID(3, 4)))
                .setSlot(1)
                .setCounter(9);
    }

    public static StreamOpen.Builder streamOpen() {
        return StreamOpen.newBuilder().setStreamId(Ids.bytes(new UUID(5, 6))).setKind(StreamKind.EVENTS);
    }

    public static Frame frame(Hello hello) {
        return frame(Control.newBuilder().setHello(hello).build());
    }

    public static Frame frame(Control control) {
        return Frame.of(FrameType.CONTROL, 0, control);
    }

    public static Frame open(int channel) {
        return Frame.of(FrameType.STREAM_OPEN, channel, streamOpen().build());
    }

    public static Frame chunk(int channel, long sequence) {
        return new Frame(
                FrameType.CHUNK, channel, chunk(sequence, Optional.empty()).encode());
    }

    public static Frame fin(int channel, long sequence) {
        Chunk.Fin fin = new Chunk.Fin(sequence + 1, Buffer.buffer(new byte[32]));
        return new Frame(
                FrameType.CHUNK, channel, chunk(sequence, Optional.of(fin)).encode());
    }

    private static Chunk chunk(long sequence, Optional<Chunk.Fin> fin) {
        return new Chunk(sequence, 1, 2, 1, Codec.NONE, 5, 0, false, fin, Buffer.buffer(), Buffer.buffer("hello"));
    }
}
