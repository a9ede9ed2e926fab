package dev.gatehouse.gateway.catalog;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatehouse.protocol.message.Resources;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * {@link CatalogMessage}s and entries as bytes, big-endian. Each message begins with {@code version u8 = 1}; then
 * <pre>
 * Delta:  owner | previous i64 | version i64 | entries
 * Digest: owner | version i64 | count i32 | hash i64
 * Ask:    owner | after
 * Page:   owner | version i64 | after | until | entries
 * entries: count i32, count × entry
 * entry:  agent 16 bytes | version i64 | there u8; if 1: run i64 | counter i64 | name | length i32, protobuf Resources
 * owner, name: length u16, UTF-8      after, until: there u8; if 1: agent 16 bytes
 * </pre>
 */
final class CatalogCodecs {

    private static final int VERSION = 1;

    private CatalogCodecs() {}

    /** Makes the event bus know them; repeating it is harmless. */
    static void register(Vertx vertx) {
        register(vertx, CatalogMessage.Delta.class, CatalogCodecs::write, CatalogCodecs::delta);
        register(vertx, CatalogMessage.Digest.class, CatalogCodecs::write, CatalogCodecs::digest);
        register(vertx, CatalogMessage.Ask.class, CatalogCodecs::write, CatalogCodecs::ask);
        register(vertx, CatalogMessage.Page.class, CatalogCodecs::write, CatalogCodecs::page);
    }

    private static <T> void register(
            Vertx vertx, Class<T> type, BiConsumer<Buffer, T> write, Function<Reader, T> read) {
        try {
            vertx.eventBus().registerDefaultCodec(type, new Codec<>(type.getName(), write, read));
        } catch (IllegalStateException known) {
            // the event bus cannot be asked whether it knows a codec
        }
    }

    private record Codec<T>(String name, BiConsumer<Buffer, T> write, Function<Reader, T> read)
            implements MessageCodec<T, T> {

        @Override
        public void encodeToWire(Buffer bytes, T message) {
            bytes.appendUnsignedByte((short) VERSION);
            write.accept(bytes, message);
        }

        @Override
        public T decodeFromWire(int position, Buffer bytes) {
            Reader reader = new Reader(position, bytes);
            int version = reader.u8();
            if (version != VERSION) {
                throw new IllegalArgumentException(name + " of version " + version + "; " + VERSION + " is known");
            }
            T message = read.apply(reader);
            reader.end();
            return message;
        }

        @Override
        public T transform(T message) {
            return message;
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }

    // An entry for itself: Redis' copy and the size of messages -------------------------------------------------------

    static Buffer entry(Versioned entry) {
        Buffer bytes = Buffer.buffer().appendUnsignedByte((short) VERSION);
        write(bytes, entry);
        return bytes;
    }

    static Versioned entry(Buffer bytes) {
        Reader reader = new Reader(0, bytes);
        int version = reader.u8();
        if (version != VERSION) {
            throw new IllegalArgumentException("entry of version " + version + "; " + VERSION + " is known");
        }
        Versioned entry = reader.entry();
        reader.end();
        return entry;
    }

    /** About; never less than it takes. */
    static int size(AgentEntry entry) {
        int resources = entry.resources().stream()
                .mapToInt(resource -> resource.getSerializedSize() + 4)
                .sum();
        return 64 + 3 * entry.agentName().length() + resources;
    }

    // ------------------------------------------------------------------------------------------------------------------

    private static void write(Buffer bytes, CatalogMessage.Delta delta) {
        text(bytes, delta.owner());
        bytes.appendLong(delta.previous()).appendLong(delta.version());
        write(bytes, delta.changes());
    }

    private static CatalogMessage.Delta delta(Reader from) {
        return new CatalogMessage.Delta(from.text(), from.i64(), from.i64(), from.entries());
    }

    private static void write(Buffer bytes, CatalogMessage.Digest digest) {
        text(bytes, digest.owner());
        bytes.appendLong(digest.version()).appendInt(digest.count()).appendLong(digest.hash());
    }

    private static CatalogMessage.Digest digest(Reader from) {
        return new CatalogMessage.Digest(from.text(), from.i64(), from.i32(), from.i64());
    }

    private static void write(Buffer bytes, CatalogMessage.Ask ask) {
        text(bytes, ask.owner());
        optional(bytes, ask.after());
    }

    private static CatalogMessage.Ask ask(Reader from) {
        return new CatalogMessage.Ask(from.text(), from.optional());
    }

    private static void write(Buffer bytes, CatalogMessage.Page page) {
        text(bytes, page.owner());
        bytes.appendLong(page.version());
        optional(bytes, page.after());
        optional(bytes, page.until());
        write(bytes, page.entries());
    }

    private static CatalogMessage.Page page(Reader from) {
        return new CatalogMessage.Page(from.text(), from.i64(), from.optional(), from.optional(), from.entries());
    }

    private static void write(Buffer bytes, List<Versioned> entries) {
        bytes.appendInt(entries.size());
        entries.forEach(entry -> write(bytes, entry));
    }

    private static void write(Buffer bytes, Versioned versioned) {
        id(bytes, versioned.agentId());
        bytes.appendLong(versioned.version());
        bytes.appendUnsignedByte((short) (versioned.entry().isPresent() ? 1 : 0));
        versioned.entry().ifPresent(entry -> {
            bytes.appendLong(entry.run()).appendLong(entry.counter());
            text(bytes, entry.agentName());
            byte[] resources = Resources.newBuilder()
                    .addAllResources(entry.resources())
                    .build()
                    .toByteArray();
            bytes.appendInt(resources.length).appendBytes(resources);
        });
    }

    private static void optional(Buffer bytes, Optional<UUID> id) {
        bytes.appendUnsignedByte((short) (id.isPresent() ? 1 : 0));
        id.ifPresent(present -> id(bytes, present));
    }

    private static void id(Buffer bytes, UUID id) {
        bytes.appendLong(id.getMostSignificantBits()).appendLong(id.getLeastSignificantBits());
    }

    private static void text(Buffer bytes, String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        bytes.appendUnsignedShort(encoded.length).appendBytes(encoded);
    }

    /** Reads fields one after the other, each within what is there; anything else is an IllegalArgumentException. */
    private static final class Reader {
        private final Buffer bytes;
        private int at;

        Reader(int at, Buffer bytes) {
            this.bytes = bytes;
            this.at = at;
        }

        int u8() {
            return bytes.getUnsignedByte(advance(1));
        }

        int i32() {
            return bytes.getInt(advance(4));
        }

        long i64() {
            return bytes.getLong(advance(8));
        }

        UUID id() {
            return new UUID(i64(), i64());
        }

        Optional<UUID> optional() {
            return u8() == 1 ? Optional.of(id()) : Optional.empty();
        }

        String text() {
            int length = bytes.getUnsignedShort(advance(2));
            int from = advance(length);
            return bytes.getString(from, from + length, StandardCharsets.UTF_8.name());
        }

        List<Versioned> entries() {
            int count = i32();
            if (count < 0 || count > CatalogMessage.MAX_ENTRIES) {
                throw new IllegalArgumentException(
                        count + " entries; at most " + CatalogMessage.MAX_ENTRIES + " are allowed");
            }
            List<Versioned> entries = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                entries.add(entry());
            }
            return List.copyOf(entries);
        }

        Versioned entry() {
            UUID id = id();
            long version = i64();
            if (u8() == 0) {
                return new Versioned(id, version, Optional.empty());
            }
            long run = i64();
            long counter = i64();
            String name = text();
            int length = i32();
            int from = advance(length);
            try {
                Resources resources = Resources.parseFrom(bytes.getBytes(from, from + length));
                return new Versioned(
                        id, version, Optional.of(new AgentEntry(id, name, run, counter, resources.getResourcesList())));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalArgumentException("resources of " + length + " bytes cannot be decoded", e);
            }
        }

        void end() {
            if (at != bytes.length()) {
                throw new IllegalArgumentException((bytes.length() - at) + " bytes after the end of the message");
            }
        }

        private int advance(int length) {
            if (length < 0 || length > bytes.length() - at) {
                throw new IllegalArgumentException("the message ends within a field of " + length + " bytes");
            }
            int from = at;
            at += length;
            return from;
        }
    }
}
