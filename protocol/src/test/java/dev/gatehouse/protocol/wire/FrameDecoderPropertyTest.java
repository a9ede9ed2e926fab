package dev.gatehouse.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Seeded: a failure names its seed, which replays it. */
class FrameDecoderPropertyTest {

    private static final int SEEDS = 300;

    @Test
    void howeverTheBytesAreCutTheFramesAreTheSame() throws ProtocolException {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            // GIVEN some frames in one byte stream
            List<Frame> frames = new ArrayList<>();
            Buffer stream = Buffer.buffer();
            int count = 1 + random.nextInt(20);
            for (int i = 0; i < count; i++) {
                Frame frame = frame(random);
                frames.add(frame);
                frame.appendTo(stream);
            }
            // WHEN it arrives in random pieces, and frames are taken now or later
            FrameDecoder decoder = new FrameDecoder();
            List<Frame> decoded = new ArrayList<>();
            int at = 0;
            while (at < stream.length()) {
                int most = random.nextInt(4) == 0 ? 10 : 20_000;
                int end = Math.min(stream.length(), at + random.nextInt(most + 1));
                decoder.add(stream.getBuffer(at, end));
                at = end;
                if (random.nextInt(8) != 0) {
                    drain(decoder, decoded);
                }
            }
            drain(decoder, decoded);
            // THEN
            assertThat(decoded).as("seed %d", seed).isEqualTo(frames);
            assertThat(decoder.insideFrame()).as("seed %d", seed).isFalse();
        }
    }

    @Test
    void mutatedBytesGiveFramesOrAProtocolException() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Buffer stream = Buffer.buffer();
            for (int i = 0; i < 5; i++) {
                frame(random).appendTo(stream);
            }
            for (int i = random.nextInt(10); i >= 0; i--) {
                stream.setByte(random.nextInt(stream.length()), (byte) random.nextInt(256));
            }
            FrameDecoder decoder = new FrameDecoder();
            List<Frame> decoded = new ArrayList<>();
            try {
                for (int at = 0; at < stream.length(); at += 7_000) {
                    decoder.add(stream.getBuffer(at, Math.min(stream.length(), at + 7_000)));
                    drain(decoder, decoded);
                }
            } catch (ProtocolException expected) {
                continue; // anything else fails the test
            }
            assertThat(decoded.stream().mapToInt(Frame::length).sum())
                    .as("seed %d", seed)
                    .isLessThanOrEqualTo(stream.length());
        }
    }

    private static Frame frame(Random random) {
        FrameType[] types = FrameType.values();
        int length = switch (random.nextInt(4)) {
            case 0 -> random.nextInt(10);
            case 1 -> Frame.MAX_PAYLOAD - random.nextInt(3);
            default -> random.nextInt(3_000);
        };
        byte[] payload = new byte[length];
        random.nextBytes(payload);
        return new Frame(types[random.nextInt(types.length)], random.nextInt(), Buffer.buffer(payload));
    }

    private static void drain(FrameDecoder decoder, List<Frame> frames) throws ProtocolException {
        Optional<Frame> next = decoder.next();
        while (next.isPresent()) {
            frames.add(next.get());
            next = decoder.next();
        }
    }
}
