package dev.gatehouse.protocol.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameDecoder;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private final Outbox outbox = new Outbox();

    @Test
    void theMostUrgentGoesFirstAndEachPriorityKeepsItsOrder() throws ProtocolException {
        outbox.offer(frame(1, 10), Priority.BULK);
        outbox.offer(frame(2, 10), Priority.EVENTS);
        outbox.offer(frame(3, 10), Priority.BULK);
        outbox.offer(frame(4, 10), Priority.CONTROL);
        outbox.offer(frame(5, 10), Priority.TUNNEL);
        outbox.offer(frame(6, 10), Priority.CONTROL);
        assertThat(channels(outbox.take())).containsExactly(4, 6, 5, 2, 1, 3);
        assertThat(outbox.isEmpty()).isTrue();
        assertThat(outbox.take().length()).isZero();
    }

    @Test
    void aPieceIsAtMostOneLongestFrame() throws ProtocolException {
        outbox.offer(frame(1, 40_000), Priority.BULK);
        outbox.offer(frame(2, 40_000), Priority.BULK);
        outbox.offer(frame(3, Frame.MAX_PAYLOAD), Priority.BULK);
        assertThat(channels(outbox.take())).containsExactly(1);
        assertThat(channels(outbox.take())).containsExactly(2);
        assertThat(channels(outbox.take())).containsExactly(3);
    }

    @Test
    void nothingStarves() throws ProtocolException {
        outbox.offer(frame(99, 10), Priority.BULK);
        int turns = 0;
        List<Integer> sent = new ArrayList<>();
        while (!sent.contains(99)) {
            outbox.offer(frame(1, Frame.MAX_PAYLOAD), Priority.TUNNEL);
            sent.addAll(channels(outbox.take()));
            turns++;
        }
        assertThat(turns).isLessThanOrEqualTo(Outbox.TURNS);
    }

    @Test
    void aPriorityWithEnoughIsNotWritable() {
        while (outbox.writable(Priority.BULK)) {
            outbox.offer(frame(1, 50_000), Priority.BULK);
        }
        assertThat(outbox.writable(Priority.EVENTS)).isTrue();
        outbox.take();
        assertThat(outbox.writable(Priority.BULK)).isTrue();
    }

    @Test
    void itHasALimit() {
        int bytes = 0;
        while (outbox.offer(frame(1, 60_000), Priority.BULK)) {
            bytes += 60_008;
        }
        assertThat(bytes).isBetween(Outbox.LIMIT - 60_008, Outbox.LIMIT);
        outbox.clear();
        assertThat(outbox.isEmpty()).isTrue();
        assertThat(outbox.offer(frame(1, 60_000), Priority.CONTROL)).isTrue();
    }

    private static Frame frame(int channel, int length) {
        return new Frame(FrameType.DATA, channel, Buffer.buffer(new byte[length]));
    }

    private static List<Integer> channels(Buffer piece) throws ProtocolException {
        FrameDecoder decoder = new FrameDecoder();
        decoder.add(piece);
        List<Integer> channels = new ArrayList<>();
        Optional<Frame> frame = decoder.next();
        while (frame.isPresent()) {
            channels.add(frame.get().channel());
            frame = decoder.next();
        }
        return channels;
    }
}
