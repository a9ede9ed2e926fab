package dev.gatehouse.agent.spool;

import dev.gatehouse.protocol.message.StreamKind;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Records as bytes of a log file.
 *
 * <pre>
 * magic "GSP1" | body length u32 | CRC32C u32 over all that follows | synced u32 | type u8 | body
 * </pre>
 *
 * {@code synced} is how much of the same file was known to be fsynced when the record was made: a damaged record below it was whole once, one above it may never have been written.
 */
final class RecordCodec {

    static final int HEADER_BYTES = 17;
    static final int MAGIC = 0x47535031;

    /** A chunk's payload, its checkpoints, and room to spare. */
    static final int MAX_BODY = 1024 * 1024;

    private static final int OPENED = 1;
    private static final int STORED = 2;
    private static final int ACKED = 3;
    private static final int CLOSED = 4;
    private static final int FORKED = 5;
    private static final int NOTED = 6;

    /** Where a stored chunk's payload begins within its record. */
    static int payloadAt(List<Checkpoint> checkpoints) {
        int at = HEADER_BYTES + 16 + 1 + 8 + 2;
        for (Checkpoint checkpoint : checkpoints) {
            at += 4
                    + checkpoint.key().getBytes(StandardCharsets.UTF_8).length
                    + checkpoint.value().length();
        }
        return at;
    }

    /** A record found in a file. */
    record Found(SpoolRecord record, int length, int synced) {}

    static Buffer encode(SpoolRecord record, int synced) {
        Buffer out = Buffer.buffer().appendInt(MAGIC).appendInt(0).appendInt(0).appendInt(synced);
        switch (record) {
            case SpoolRecord.Opened opened -> {
                StreamInfo info = opened.info();
                out.appendByte((byte) OPENED);
                id(out, info.id());
                out.appendByte((byte) info.kind().getNumber());
                out.appendLong(info.openedAt())
                        .appendLong(opened.next())
                        .appendLong(opened.acked())
                        .appendLong(opened.content());
                alias(out, opened.alias());
                text(out, info.subject());
                text(out, info.mediaType());
                text(out, info.name());
            }
            case SpoolRecord.Stored stored -> {
                out.appendByte((byte) STORED);
                id(out, stored.stream());
                out.appendByte((byte) stored.kind().getNumber());
                out.appendLong(stored.sequence());
                out.appendUnsignedShort(stored.checkpoints().size());
                stored.checkpoints().forEach(checkpoint -> checkpoint(out, checkpoint));
                out.appendBuffer(stored.payload());
            }
            case SpoolRecord.Acked acked -> {
                out.appendByte((byte) ACKED);
                id(out, acked.stream());
                out.appendLong(acked.next());
            }
            case SpoolRecord.Closed closed -> {
                out.appendByte((byte) CLOSED);
                id(out, closed.stream());
            }
            case SpoolRecord.Forked forked -> {
                out.appendByte((byte) FORKED);
                id(out, forked.stream());
                alias(out, forked.alias());
            }
            case SpoolRecord.Noted noted -> {
                out.appendByte((byte) NOTED);
                checkpoint(out, noted.checkpoint());
            }
        }
        out.setInt(4, out.length() - HEADER_BYTES);
        return out.setInt(8, crc(out, 12, out.length()));
    }

    /** The record at {@code at}, or empty if there is no whole and unharmed one. */
    static Optional<Found> decode(Buffer file, int at) {
        if (file.length() - at < HEADER_BYTES || file.getInt(at) != MAGIC) {
            return Optional.empty();
        }
        int body = file.getInt(at + 4);
        int end = at + HEADER_BYTES + body;
        if (body < 0 || body > MAX_BODY || end > file.length() || file.getInt(at + 8) != crc(file, at + 12, end)) {
            return Optional.empty();
        }
        try {
            SpoolRecord record = new Reader(file, at + HEADER_BYTES, end).read(file.getByte(at + 16));
            return Optional.of(new Found(record, end - at, file.getInt(at + 12)));
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            return Optional.empty(); // written by a newer agent, or by nobody
        }
    }

    private static int crc(Buffer bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.getBytes(from, to));
        return (int) crc.getValue();
    }

    private static void id(Buffer out, UUID id) {
        out.appendLong(id.getMostSignificantBits()).appendLong(id.getLeastSignificantBits());
    }

    private static void alias(Buffer out, Alias alias) {
        id(out, alias.id());
        out.appendLong(alias.base()).appendLong(alias.contentBase()).appendByte((byte) (alias.whole() ? 1 : 0));
    }

    private static void text(Buffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.appendUnsignedShort(bytes.length).appendBytes(bytes);
    }

    private static void checkpoint(Buffer out, Checkpoint checkpoint) {
        text(out, checkpoint.key());
        out.appendUnsignedShort(checkpoint.value().length()).appendBuffer(checkpoint.value());
    }

    private static final class Reader {

        private final Buffer file;
        private int at;
        private final int end;

        Reader(Buffer file, int at, int end) {
            this.file = file;
            this.at = at;
            this.end = end;
        }

        SpoolRecord read(int type) {
            return switch (type) {
                case OPENED -> {
                    UUID id = id();
                    StreamKind kind = kind();
                    long openedAt = number();
                    long next = number();
                    long acked = number();
                    long content = number();
                    Alias alias = alias();
                    yield new SpoolRecord.Opened(
                            new StreamInfo(id, kind, text(), text(), text(), openedAt), next, acked, content, alias);
                }
                case STORED -> {
                    UUID id = id();
                    StreamKind kind = kind();
                    long sequence = number();
                    int count = file.getUnsignedShort(take(2));
                    List<Checkpoint> checkpoints = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        checkpoints.add(checkpoint());
                    }
                    yield new SpoolRecord.Stored(id, kind, sequence, checkpoints, file.slice(at, end));
                }
                case ACKED -> new SpoolRecord.Acked(id(), number());
                case CLOSED -> new SpoolRecord.Closed(id());
                case FORKED -> new SpoolRecord.Forked(id(), alias());
                case NOTED -> new SpoolRecord.Noted(checkpoint());
                default -> throw new IllegalArgumentException("record type " + type);
            };
        }

        private int take(int length) {
            if (length > end - at) {
                throw new IndexOutOfBoundsException("record ends inside a field");
            }
            int from = at;
            at += length;
            return from;
        }

        private long number() {
            return file.getLong(take(8));
        }

        private UUID id() {
            return new UUID(number(), number());
        }

        private StreamKind kind() {
            StreamKind kind = StreamKind.forNumber(file.getByte(take(1)));
            if (kind == null) {
                throw new IllegalArgumentException("unknown kind of stream");
            }
            return kind;
        }

        private Alias alias() {
            return new Alias(id(), number(), number(), file.getByte(take(1)) != 0);
        }

        private String text() {
            int length = file.getUnsignedShort(take(2));
            return file.getString(take(length), at, StandardCharsets.UTF_8.name());
        }

        private Checkpoint checkpoint() {
            String key = text();
            int length = file.getUnsignedShort(take(2));
            int from = take(length);
            return new Checkpoint(key, file.getBuffer(from, from + length));
        }
    }

    private RecordCodec() {}
}
