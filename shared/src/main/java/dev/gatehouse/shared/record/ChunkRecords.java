package dev.gatehouse.shared.record;

import static java.time.ZoneOffset.UTC;

import dev.gatehouse.shared.segment.ChunkFacts.State;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;

/** Reads the rows of stored chunks, also when one chunk has several: whoever reads must decide. Thread-safe. */
public final class ChunkRecords {

    /** Rows of a stream are not looked for in partitions older than its registration by this, which is more than clocks of nodes differ. */
    private static final Duration CLOCKS = Duration.ofHours(6);

    private static final String READABLE = "c.state <> " + State.QUARANTINED.code();

    private static final String SELECT = "select * from chunk c";

    /** Where a page ended. */
    public record After(long sequence, Instant committedAt, UUID segmentId, int blockIndex) {

        public static After of(ChunkRecord chunk) {
            return new After(
                    chunk.sequence(), chunk.committedAt(), chunk.block().segmentId(), chunk.blockIndex());
        }
    }

    private final SqlClient postgres;

    public ChunkRecords(SqlClient postgres) {
        this.postgres = postgres;
    }

    /** Rows by number, then by commit. */
    public Future<Page<ChunkRecord>> list(StreamRecord stream, Optional<After> after, int limit) {
        Select select = of(stream);
        after.ifPresent(key -> select.where(
                "(c.sequence, c.committed_at, c.segment_id, c.block_index) > (?, ?, ?, ?)",
                key.sequence(),
                key.committedAt().atOffset(UTC),
                key.segmentId(),
                key.blockIndex()));
        return select.then("order by c.sequence, c.committed_at, c.segment_id, c.block_index")
                .page(postgres, limit, ChunkRecord::of);
    }

    /** Rows with content from {@code offset} on, by number; after {@code sequence}, -1 for all. Without quarantined ones, whose fields say nothing. */
    public Future<Page<ChunkRecord>> content(StreamRecord stream, long sequence, long offset, int limit) {
        return of(stream)
                .where(READABLE)
                .where("c.sequence > ?", sequence)
                .where("c.content_offset + c.plain_length > ?", offset)
                .then("order by c.sequence, c.committed_at, c.segment_id, c.block_index")
                .page(postgres, limit, ChunkRecord::of);
    }

    /** Length of the content that is durable now. */
    public Future<Long> contentEnd(StreamRecord stream) {
        return of(stream)
                .where(READABLE)
                .then("order by c.sequence desc")
                .page(postgres, 1, ChunkRecord::of)
                .map(page -> page.items().isEmpty() ? 0 : page.last().contentEnd());
    }

    private static Select of(StreamRecord stream) {
        OffsetDateTime oldest = stream.registeredAt().minus(CLOCKS).atOffset(UTC);
        return new Select(SELECT).where("c.stream_id = ?", stream.id()).where("c.committed_at >= ?", oldest);
    }
}
