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
import java.security.NoSuchAlgorithmException;
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
    private final boolean whole;
    private final MessageDigest digest = sha256();
    private final AtomicLong next = new AtomicLong();

    /**
     * @param whole whether all chunks are kept; otherwise the last one and a digest
     */
    StoredStream(StreamOpen open, boolean whole) {
        this.open = open;
        this.whole = whole;
    }

    void add(Chunk chunk) {
        digest.update(plain(chunk));
        if (!whole) {
            chunks.clear();
        }
        chunks.add(chunk);
        next.incrementAndGet();
    }

    long next() {
        return next.get();
    }

    /** Of all content, once it is closed. */
    byte[] digest() {
        return digest.digest();
    }

    private static byte[] plain(Chunk chunk) {
        byte[] bytes = chunk.bytes().getBytes();
        return chunk.codec() == Codec.ZSTD ? Zstd.decompress(bytes, chunk.plainLength()) : bytes;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
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
            content.writeBytes(plain(chunk));
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
        return !whole || chunks.get((int) Chunk.sequence(payload)).encode().equals(payload);
    }
}
