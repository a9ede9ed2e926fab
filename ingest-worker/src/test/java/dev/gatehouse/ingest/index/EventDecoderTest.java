package dev.gatehouse.ingest.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.gatehouse.ingest.Chunks;
import dev.gatehouse.protocol.message.Event;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventDecoderTest {

    private static final long NOW = 1_763_000_000_000_000L;
    private static final EventDecoder.Origin ORIGIN =
            new EventDecoder.Origin(new UUID(1, 1), new UUID(2, 2), "subject");

    @Test
    void decodesEachEventWithItsPlace() throws DamagedChunkException {
        List<Event> events =
                List.of(Chunks.event(NOW, "alice", "editor", "window"), Chunks.event(NOW + 1, "", "x", "k"));
        assertThat(decode(Chunks.events(7, events)))
                .containsExactly(
                        new IndexedEvent(
                                NOW,
                                new UUID(1, 1),
                                7,
                                0,
                                new UUID(2, 2),
                                "alice",
                                "window",
                                "editor",
                                "title",
                                "some text of it",
                                "{\"k\":\"v\"}",
                                1_000_000),
                        new IndexedEvent(
                                NOW + 1,
                                new UUID(1, 1),
                                7,
                                1,
                                new UUID(2, 2),
                                "subject",
                                "k",
                                "x",
                                "title",
                                "some text of it",
                                "{\"k\":\"v\"}",
                                1_000_000));
    }

    @Test
    void anEmptyChunkHasNoEvents() throws DamagedChunkException {
        assertThat(decode(Chunks.events(0, List.of()))).isEmpty();
    }

    @Test
    void aBombIsNotUnpackedBeyondWhatItAnnounced() {
        Buffer bomb = Buffer.buffer(Zstd.compress(new byte[100_000_000]));
        assertThat(bomb.length()).isLessThan(Chunk.MAX_BYTES);
        assertDamaged(chunk(Codec.ZSTD, 1000, bomb), "cannot be unpacked");
        assertDamaged(chunk(Codec.ZSTD, Chunk.MAX_PLAIN, bomb), "cannot be unpacked");
    }

    @Test
    void whatUnpacksToOtherThanAnnouncedIsDamaged() {
        Buffer packed = Buffer.buffer(Zstd.compress(new byte[10]));
        assertDamaged(chunk(Codec.ZSTD, 20, packed), "unpacks to 10 bytes; 20 were announced");
        assertDamaged(chunk(Codec.NONE, 20, Buffer.buffer("short")), "5 bytes; 20 were announced");
    }

    @Test
    void moreEventsThanAllowedAreDamaged() {
        byte[] plain = new byte[EventDecoder.MAX_EVENTS + 1]; // each zero is an event without any field
        assertDamaged(
                chunk(Codec.ZSTD, plain.length, Buffer.buffer(Zstd.compress(plain))),
                "more than " + EventDecoder.MAX_EVENTS + " events");
    }

    @Test
    void recordsThatReachBeyondTheChunkAreDamaged() {
        assertDamaged(chunk(Codec.NONE, 1, Buffer.buffer(new byte[] {5})), "event 0 cannot be decoded");
        byte[] huge = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};
        assertDamaged(chunk(Codec.NONE, huge.length, Buffer.buffer(huge)), "event 0 cannot be decoded");
    }

    @Test
    void garbageIsDamagedOrEventsButNeverAnythingElse() {
        Random random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            byte[] garbage = new byte[random.nextInt(200)];
            random.nextBytes(garbage);
            Codec codec = random.nextBoolean() ? Codec.NONE : Codec.ZSTD;
            try {
                decode(chunk(codec, garbage.length, Buffer.buffer(garbage)));
            } catch (DamagedChunkException expected) {
                assertThat(expected).hasMessageNotContaining("\n");
            }
        }
    }

    @Test
    void fieldsAreHeldWithinWhatRowsTake() throws DamagedChunkException {
        Event.Builder event =
                Chunks.event(Long.MIN_VALUE, "u".repeat(5000), "a".repeat(5000), "k".repeat(5000)).toBuilder()
                        .setDurationMicros(-5);
        for (int i = 0; i < 100; i++) {
            event.putAttributes("name" + i, "v".repeat(5000));
        }
        IndexedEvent row = decode(chunkOf(event.build())).getFirst();
        assertThat(row.time()).isEqualTo(NOW);
        assertThat(row.user()).hasSize(EventFields.KEY).endsWith(EventFields.MARK);
        assertThat(row.application()).hasSize(EventFields.KEY);
        assertThat(row.kind()).hasSize(EventFields.KIND);
        assertThat(row.durationMicros()).isZero();
        assertThat(row.attributes().length())
                .isLessThan(EventFields.ATTRIBUTES * (EventFields.ATTRIBUTE_NAME + EventFields.ATTRIBUTE_VALUE));
    }

    private static Buffer chunkOf(Event event) {
        byte[] plain = Chunks.plain(Collections.nCopies(1, event));
        return chunk(Codec.ZSTD, plain.length, Buffer.buffer(Zstd.compress(plain)));
    }

    private static Buffer chunk(Codec codec, int plainLength, Buffer bytes) {
        return Chunks.of(0, 1, codec, plainLength, 0, Optional.empty(), bytes);
    }

    private static List<IndexedEvent> decode(Buffer payload) throws DamagedChunkException {
        return EventDecoder.decode(ORIGIN, payload, NOW);
    }

    private static void assertDamaged(Buffer payload, String why) {
        assertThatThrownBy(() -> decode(payload))
                .isInstanceOf(DamagedChunkException.class)
                .hasMessageContaining(why);
    }
}
