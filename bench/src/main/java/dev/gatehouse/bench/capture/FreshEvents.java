package dev.gatehouse.bench.capture;

import com.github.luben.zstd.Zstd;
import dev.gatehouse.protocol.message.Event;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Chunks whose events are encoded and packed for each of them anew, as an agent does: other events in another order at another time. Here the load costs the generator more than the target. Thread-safe.
 */
final class FreshEvents {

    private static final int EVENTS = 4096;

    /** A chunk has less than would fit on average, so that none is too long. */
    private static final double FILL = 0.95;

    private final List<Event> events = new ArrayList<>();
    private final int perChunk;

    FreshEvents(int eventBytes, Random random) {
        for (int i = 0; i < EVENTS; i++) {
            events.add(ChunkTemplate.event(0, eventBytes, random));
        }
        perChunk = (int) (FILL
                * ChunkTemplate.fullOfEvents(eventBytes, Codec.ZSTD, random).records());
    }

    int perChunk() {
        return perChunk;
    }

    Buffer chunk(long sequence) {
        long now = System.currentTimeMillis() * 1000;
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        ThreadLocalRandom random = ThreadLocalRandom.current();
        try {
            for (int i = 0; i < perChunk; i++) {
                events.get(random.nextInt(EVENTS)).toBuilder()
                        .setTime(now + i)
                        .build()
                        .writeDelimitedTo(plain);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] bytes = plain.toByteArray();
        byte[] packed = Zstd.compress(bytes, ChunkTemplate.LEVEL);
        if (packed.length > Chunk.MAX_BYTES) {
            return chunk(sequence); // others will be shorter
        }
        return new Chunk(
                        sequence,
                        now,
                        now,
                        perChunk,
                        Codec.ZSTD,
                        bytes.length,
                        sequence * bytes.length,
                        false,
                        Optional.empty(),
                        Buffer.buffer(),
                        Buffer.buffer(packed))
                .encode();
    }
}
