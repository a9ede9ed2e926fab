package dev.gatehouse.admin;

import static java.time.ZoneOffset.UTC;

import com.github.luben.zstd.Zstd;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import dev.gatehouse.shared.node.Node;
import dev.gatehouse.shared.segment.ChunkFacts;
import dev.gatehouse.shared.segment.SegmentEntry;
import dev.gatehouse.shared.segment.SegmentHead;
import dev.gatehouse.shared.segment.SegmentWriter;
import dev.gatehouse.shared.testing.TestNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Puts agents, streams and events where an ingest-worker would. */
final class Captured {

    private final Node node;

    Captured(Node node) {
        this.node = node;
    }

    UUID agent(String name, Instant seen) {
        UUID id = UUID.randomUUID();
        sql("insert into agent (id, name, labels) values ($1, $2, $3)", id, name, JsonObject.of("site", "berlin"));
        sql(
                "insert into agent_presence (agent_id, last_seen_at, version, run, run_id, gateways, spool_bytes, spool_chunks)"
                        + " values ($1, $2, '0.1', 1, $3, '{gateway-1}', 2048, 2)",
                id,
                seen.atOffset(UTC),
                UUID.randomUUID());
        return id;
    }

    /** An open stream without chunks. */
    UUID stream(UUID agent, String kind, String name, Instant openedAt) {
        UUID id = UUID.randomUUID();
        sql(
                "insert into stream (id, agent_id, kind, name, media_type, opened_at, next) values ($1, $2, $3, $4, 'text/plain', $5, 0)",
                id,
                agent,
                kind,
                name,
                openedAt.atOffset(UTC));
        return id;
    }

    /** Closes a stream whose content is this. */
    void close(UUID stream, Buffer content) {
        sql(
                "update stream set closed_at = now(), sha256 = $2 where id = $1",
                stream,
                Buffer.buffer(sha256(content.getBytes())));
    }

    static Chunk chunk(long sequence, long offset, Buffer plain, Codec codec) {
        Buffer bytes = codec == Codec.NONE ? plain : Buffer.buffer(Zstd.compress(plain.getBytes()));
        return new Chunk(
                sequence,
                1_000_000,
                2_000_000,
                0,
                codec,
                plain.length(),
                offset,
                false,
                Optional.empty(),
                Buffer.buffer(),
                bytes);
    }

    /** One segment with these chunks, inline or as an object; answers its id. */
    UUID segment(boolean inline, UUID stream, List<Chunk> chunks) {
        UUID id = UUID.randomUUID();
        UUID writer = UUID.randomUUID();
        SegmentWriter segment = new SegmentWriter(new SegmentHead(writer, id, 0));
        List<SegmentEntry> entries = new ArrayList<>();
        for (Chunk chunk : chunks) {
            Buffer payload = chunk.encode();
            entries.add(segment.add(stream, chunk.sequence(), payload, ChunkFacts.of(payload)));
        }
        String key = writer + "/" + id + ".seg";
        if (inline) {
            sql("insert into segment_inline (segment_id, bytes) values ($1, $2)", id, segment.inline());
        } else {
            TestNode.get(node.store().put(key, segment.object()));
        }
        sql(
                "insert into segment (id, writer_id, object_key, object_offset, length, blocks) values ($1, $2, $3, $4, $5, $6)",
                id,
                writer,
                inline ? null : key,
                inline ? 0L : SegmentHead.BYTES,
                segment.length(),
                entries.size());
        rows(stream, chunks, id, entries);
        long plain = chunks.stream().mapToLong(Chunk::plainLength).sum();
        sql(
                "update stream set next = next + $2, chunks = chunks + $2, content_bytes = content_bytes + $3 where id = $1",
                stream,
                (long) chunks.size(),
                plain);
        return id;
    }

    private void rows(UUID stream, List<Chunk> chunks, UUID segment, List<SegmentEntry> entries) {
        List<Tuple> rows = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Chunk chunk = chunks.get(i);
            rows.add(Tuple.of(
                    stream,
                    chunk.sequence(),
                    (short) chunk.codec().code(),
                    chunk.bytes().length(),
                    chunk.plainLength(),
                    chunk.contentOffset(),
                    segment,
                    i,
                    entries.get(i).blockOffset(),
                    entries.get(i).blockLength()));
        }
        TestNode.get(node.postgres()
                .preparedQuery(
                        "insert into chunk (stream_id, sequence, committed_at, first_time, last_time, records, codec, flags, crc, length,"
                                + " plain_length, content_offset, segment_id, block_index, block_offset, block_length)"
                                + " values ($1, $2, clock_timestamp(), now(), now(), 0, $3, 0, 0, $4, $5, $6, $7, $8, $9, $10)")
                .executeBatch(rows));
    }

    /** A stream of the same content again and again, stored once for each 32 KiB of it; each chunk's row refers to the same segment. */
    void repeated(UUID stream, Buffer plain, int times) {
        int size = 32 * 1024;
        int perTurn = plain.length() / size;
        List<Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < perTurn; i++) {
            chunks.add(chunk(i, (long) i * size, plain.slice(i * size, (i + 1) * size), Codec.NONE));
        }
        for (int turn = 0; turn < times; turn++) {
            List<Chunk> moved = new ArrayList<>();
            for (Chunk chunk : chunks) {
                moved.add(chunk(
                        chunk.sequence() + (long) turn * perTurn,
                        chunk.contentOffset() + (long) turn * plain.length(),
                        chunk.bytes(),
                        Codec.NONE));
            }
            segment(false, stream, moved);
        }
    }

    void event(UUID agent, Instant time, long sequence, int index, String title, String text) {
        event(agent, new UUID(0, 1), time, sequence, index, title, text);
    }

    void event(UUID agent, UUID stream, Instant time, long sequence, int index, String title, String text) {
        sql(
                "insert into event (time, stream_id, sequence, index, agent_id, \"user\", kind, application, title, text, attributes,"
                        + " duration_micros) values ($1, $2, $3, $4, $5, 'ana', 'log', 'syslog', $6, $7, '{\"file\":\"a.log\"}', 0)",
                time.atOffset(UTC),
                stream,
                sequence,
                index,
                agent,
                title,
                text);
    }

    void sql(String statement, Object... values) {
        TestNode.get(node.postgres().preparedQuery(statement).execute(Tuple.wrap(values)));
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
