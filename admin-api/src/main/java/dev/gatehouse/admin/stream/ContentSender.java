package dev.gatehouse.admin.stream;

import dev.gatehouse.shared.record.ChunkRecord;
import dev.gatehouse.shared.record.ChunkRecords;
import dev.gatehouse.shared.record.Page;
import dev.gatehouse.shared.record.StreamRecord;
import dev.gatehouse.shared.segment.Block;
import dev.gatehouse.shared.segment.BlockSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Iterator;
import java.util.List;

/**
 * Sends a range of a stream's content: batch after batch of chunks, the next one read while the present one goes out, whatever the length with two batches in memory. A reader that is slow is waited for.
 *
 * <p>Where no chunk has the bytes, or none that can be unpacked, it sends zeros, so that everything else stays at its place. Confined to the context of its request.
 */
final class ContentSender {

    /** Chunks read at once: at most 2 MiB as stored. */
    static final int BATCH = 32;

    private static final Buffer ZEROS = Buffer.buffer(new byte[64 * 1024]);

    private record Batch(List<ChunkRecord> rows, List<Block> blocks, boolean more) {}

    private final ChunkRecords chunks;
    private final BlockSource blocks;
    private final StreamRecord stream;
    private final ByteRange range;
    private final HttpServerResponse response;

    private long position;
    private boolean gone;
    private Promise<Void> drained = Promise.promise();

    ContentSender(
            ChunkRecords chunks,
            BlockSource blocks,
            StreamRecord stream,
            ByteRange range,
            HttpServerResponse response) {
        this.chunks = chunks;
        this.blocks = blocks;
        this.stream = stream;
        this.range = range;
        this.response = response;
        this.position = range.begin();
    }

    /** Completes when the last byte is on its way, also when the reader has left. */
    Future<Void> send() {
        response.exceptionHandler(cause -> leave());
        response.closeHandler(closed -> leave());
        response.drainHandler(now -> {
            Promise<Void> waiting = drained;
            drained = Promise.promise();
            waiting.tryComplete();
        });
        return batch(-1)
                .compose(this::sendFrom)
                .compose(sent -> gone ? Future.succeededFuture() : zeros(range.end()))
                .compose(sent -> gone ? Future.succeededFuture() : response.end());
    }

    private void leave() {
        gone = true;
        drained.tryComplete();
    }

    private Future<Batch> batch(long after) {
        return chunks.content(stream, after, range.begin(), BATCH).compose(page -> read(page));
    }

    private Future<Batch> read(Page<ChunkRecord> page) {
        List<ChunkRecord> rows = page.items().stream()
                .filter(row -> row.contentOffset() < range.end())
                .toList();
        return blocks.read(rows.stream().map(ChunkRecord::block).toList())
                .map(read -> new Batch(
                        rows, read, page.more() && rows.size() == page.items().size()));
    }

    private Future<Void> sendFrom(Batch batch) {
        Future<Batch> next = batch.more() && !gone
                ? batch(batch.rows().getLast().sequence())
                : Future.succeededFuture(new Batch(List.of(), List.of(), false));
        return sendRows(batch.rows().iterator(), batch.blocks().iterator())
                .compose(sent -> next)
                .compose(following ->
                        following.rows().isEmpty() || gone ? Future.succeededFuture() : sendFrom(following));
    }

    private Future<Void> sendRows(Iterator<ChunkRecord> rows, Iterator<Block> read) {
        while (rows.hasNext() && !gone) {
            ChunkRecord row = rows.next();
            Buffer plain = read.next().payload().flatMap(Content::of).orElse(null);
            if (plain == null || plain.length() != row.plainLength() || row.contentEnd() <= position) {
                continue; // what it should have been becomes zeros; a repeat of what was sent is nothing
            }
            Future<Void> sent = zeros(row.contentOffset()).compose(filled -> slice(row, plain));
            if (!sent.isComplete()) {
                return sent.compose(now -> sendRows(rows, read));
            }
            if (sent.failed()) {
                return sent;
            }
        }
        return Future.succeededFuture();
    }

    private Future<Void> slice(ChunkRecord row, Buffer plain) {
        int begin = (int) (position - row.contentOffset());
        int end = (int) (Math.min(row.contentEnd(), range.end()) - row.contentOffset());
        return begin >= end ? Future.succeededFuture() : write(plain.slice(begin, end));
    }

    /** Zeros up to {@code target}, if that lies ahead. */
    private Future<Void> zeros(long target) {
        long missing = Math.min(target, range.end()) - position;
        if (missing <= 0 || gone) {
            return Future.succeededFuture();
        }
        return write(ZEROS.slice(0, (int) Math.min(missing, ZEROS.length()))).compose(sent -> zeros(target));
    }

    private Future<Void> write(Buffer bytes) {
        if (gone) {
            return Future.succeededFuture();
        }
        position += bytes.length();
        response.write(bytes);
        return response.writeQueueFull() ? drained.future() : Future.succeededFuture();
    }
}
