package dev.gatehouse.ingest;

import com.github.luben.zstd.Zstd;
import dev.gatehouse.protocol.message.Event;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Payloads of CHUNK frames for tests. */
public final class Chunks {

    private static final long TIME = 1_763_000_000_000_000L;

    private Chunks() {}

    /** So many bytes that depend on nothing but the sequence and the seed. */
    public static Buffer content(long sequence, int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed * 1_000_003 + sequence).nextBytes(bytes);
        return of(sequence, 0, Codec.NONE, length, sequence * length, Optional.empty(), Buffer.buffer(bytes));
    }

    /** The last chunk of a stream. */
    public static Buffer last(long sequence, String content) {
        Chunk.Fin fin = new Chunk.Fin(sequence + 1, Buffer.buffer(new byte[32]).setByte(0, (byte) 7));
        return of(sequence, 0, Codec.NONE, content.length(), 0, Optional.of(fin), Buffer.buffer(content));
    }

    public static Buffer events(long sequence, List<Event> events) {
        byte[] plain = plain(events);
        return of(
                sequence,
                events.size(),
                Codec.ZSTD,
                plain.length,
                0,
                Optional.empty(),
                Buffer.buffer(Zstd.compress(plain)));
    }

    public static byte[] plain(List<Event> events) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try {
            for (Event event : events) {
                event.writeDelimitedTo(plain);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return plain.toByteArray();
    }

    public static Buffer of(
            long sequence,
            int records,
            Codec codec,
            int plainLength,
            long offset,
            Optional<Chunk.Fin> fin,
            Buffer bytes) {
        return new Chunk(
                        sequence,
                        TIME,
                        TIME + 1,
                        records,
                        codec,
                        plainLength,
                        offset,
                        false,
                        fin,
                        Buffer.buffer(),
                        bytes)
                .encode();
    }

    public static Event event(long time, String user, String application, String kind) {
        return Event.newBuilder()
                .setTime(time)
                .setUser(user)
                .setApplication(application)
                .setKind(kind)
                .setTitle("title")
                .setText("some text of it")
                .putAttributes("k", "v")
                .setDurationMicros(1_000_000)
                .build();
    }

    /** With one bit of its content turned. */
    public static Buffer spoiled(Buffer payload) {
        int at = payload.length() - 1;
        return payload.copy().setByte(at, (byte) (payload.getByte(at) ^ 1));
    }
}
