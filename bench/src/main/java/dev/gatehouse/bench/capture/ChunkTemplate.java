package dev.gatehouse.bench.capture;

import com.github.luben.zstd.Zstd;
import dev.gatehouse.protocol.message.Event;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Random;

/**
 * Content that many chunks of a load share: packed once, numbered and summed for each chunk anew. What an agent does to pack it is not part of the load; it takes place on other machines.
 *
 * @param records events inside, 0 for content of a recording
 */
record ChunkTemplate(Buffer bytes, int plainLength, int records, Codec codec) {

    /** Of zstd, as the agent packs. */
    static final int LEVEL = 1;

    private static final String[] WORDS = {
        "GET", "POST", "/api/v1/orders", "/login", "200", "404", "timeout", "connection", "reset", "user", "session",
        "opened", "closed", "file", "document", "invoice", "report", "window", "browser", "mail", "attachment", "query"
    };

    /** Events whose encoded form is about {@code eventBytes} long: words, numbers and an id each, so that packing does to them what it does to logs. */
    static ChunkTemplate events(int events, int eventBytes, Codec codec, Random random) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        long time = System.currentTimeMillis() * 1000;
        try {
            for (int i = 0; i < events; i++) {
                event(time + i, eventBytes, random).writeDelimitedTo(plain);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] bytes = plain.toByteArray();
        byte[] packed = codec == Codec.ZSTD ? Zstd.compress(bytes, LEVEL) : bytes;
        return new ChunkTemplate(Buffer.buffer(packed), bytes.length, events, codec);
    }

    /** As many events as one chunk can hold. */
    static ChunkTemplate fullOfEvents(int eventBytes, Codec codec, Random random) {
        int events = Chunk.MAX_BYTES / (eventBytes + 4) * (codec == Codec.ZSTD ? 4 : 1);
        ChunkTemplate template = events(events, eventBytes, codec, random);
        while (template.bytes().length() > Chunk.MAX_BYTES) {
            events -= events / 20 + 1;
            template = events(events, eventBytes, codec, random);
        }
        return template;
    }

    /** A piece of a recording: bytes that nothing can pack. */
    static ChunkTemplate recording(Random random) {
        byte[] bytes = new byte[Chunk.MAX_BYTES];
        random.nextBytes(bytes);
        return new ChunkTemplate(Buffer.buffer(bytes), bytes.length, 0, Codec.NONE);
    }

    static Event event(long time, int length, Random random) {
        StringBuilder text = new StringBuilder(length);
        while (text.length() < length - 60) {
            text.append(WORDS[random.nextInt(WORDS.length)])
                    .append(' ')
                    .append(Integer.toString(random.nextInt(1_000_000), 36))
                    .append(' ');
        }
        return Event.newBuilder()
                .setTime(time)
                .setKind("log")
                .setUser("user" + random.nextInt(5))
                .setApplication("app" + random.nextInt(10))
                .setText(text.toString())
                .build();
    }

    /** Bytes of a CHUNK payload with this content. */
    int payloadLength() {
        return Chunk.HEADER_BYTES + bytes.length();
    }

    Buffer chunk(long sequence) {
        long now = System.currentTimeMillis() * 1000;
        return new Chunk(
                        sequence,
                        now,
                        now,
                        records,
                        codec,
                        plainLength,
                        sequence * plainLength,
                        false,
                        Optional.empty(),
                        Buffer.buffer(),
                        bytes)
                .encode();
    }
}
