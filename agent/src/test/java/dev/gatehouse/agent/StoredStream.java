package dev.gatehouse.agent;

import com.github.luben.zstd.Zstd;
import dev.gatehouse.protocol.message.Event;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What a test's deployment has stored of one stream. */
final class StoredStream {

    private static final AtomicLong COUNT = new AtomicLong();

    final StreamOpen open;
    final long arrived = COUNT.incrementAndGet();
    final List<Chunk> chunks = new CopyOnWriteArrayList<>();
    volatile boolean forked;
    final AtomicInteger repeats = new AtomicInteger();

    StoredStream(StreamOpen open) {
        this.open = open;
    }

    long next() {
        return chunks.size();
    }

    OptionalInt lastCrc() {
        return chunks.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(Chunk.crc(chunks.getLast().encode()));
    }

    boolean isClosed() {
        return !chunks.isEmpty() && chunks.getLast().fin().isPresent();
    }

    /** Whether it is closed, and says that its whole content hashes to this. */
    boolean isWhole(byte[] sha256) {
        return isClosed()
                && MessageDigest.isEqual(
                        chunks.getLast().fin().orElseThrow().sha256().getBytes(), sha256);
    }

    byte[] content() {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (Chunk chunk : chunks) {
            if (chunk.contentOffset() != content.size()) {
                throw new AssertionError("chunk " + chunk.sequence() + " at " + chunk.contentOffset() + ", content has "
                        + content.size());
            }
            byte[] bytes = chunk.bytes().getBytes();
            content.writeBytes(chunk.codec() == Codec.ZSTD ? Zstd.decompress(bytes, chunk.plainLength()) : bytes);
        }
        return content.toByteArray();
    }

    List<Event> events() {
        List<Event> events = new ArrayList<>();
        ByteArrayInputStream in = new ByteArrayInputStream(content());
        try {
            for (Event event = Event.parseDelimitedFrom(in); event != null; event = Event.parseDelimitedFrom(in)) {
                events.add(event);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return events;
    }

    boolean has(Buffer payload) {
        return chunks.get((int) Chunk.sequence(payload)).encode().equals(payload);
    }
}
