package dev.gatehouse.admin.stream;

import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.wire.ProtocolException;
import dev.gatehouse.shared.record.ChunkRecord;
import dev.gatehouse.shared.segment.Block;
import dev.gatehouse.shared.segment.BlockSource;
import dev.gatehouse.shared.store.StoreException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads chunks again from where they are stored and says what their bytes are, so that a ledger can be held against it. A chunk whose object is gone is told as such, beside the others. Thread-safe. */
final class ChunkDigests {

    /** Chunks read at once: at most 2 MiB. */
    private static final int BATCH = 32;

    private final BlockSource blocks;

    ChunkDigests(BlockSource blocks) {
        this.blocks = blocks;
    }

    /** One object for each row, in their order. */
    Future<List<JsonObject>> of(List<ChunkRecord> rows) {
        return from(rows, 0, new ArrayList<>(rows.size()));
    }

    private Future<List<JsonObject>> from(List<ChunkRecord> rows, int begin, List<JsonObject> done) {
        if (begin >= rows.size()) {
            return Future.succeededFuture(done);
        }
        List<ChunkRecord> batch = rows.subList(begin, Math.min(rows.size(), begin + BATCH));
        return blocks.read(batch.stream().map(ChunkRecord::block).toList())
                .recover(
                        cause -> cause instanceof StoreException.Missing ? oneByOne(batch) : Future.failedFuture(cause))
                .compose(read -> {
                    for (int i = 0; i < batch.size(); i++) {
                        done.add(json(batch.get(i), read.get(i).payload()));
                    }
                    return from(rows, begin + BATCH, done);
                });
    }

    private Future<List<Block>> oneByOne(List<ChunkRecord> batch) {
        Future<List<Block>> all = Future.succeededFuture(new ArrayList<>());
        for (ChunkRecord row : batch) {
            all = all.compose(list -> blocks.read(List.of(row.block()))
                    .map(List::getFirst)
                    .recover(cause -> cause instanceof StoreException.Missing
                            ? Future.succeededFuture(new Block(row.block(), Optional.empty(), "object is missing"))
                            : Future.failedFuture(cause))
                    .map(block -> {
                        list.add(block);
                        return list;
                    }));
        }
        return all;
    }

    private static JsonObject json(ChunkRecord row, Optional<Buffer> payload) {
        Optional<Buffer> bytes = payload.flatMap(ChunkDigests::bytes);
        String state = bytes.isPresent() ? row.state().name().toLowerCase(Locale.ROOT) : "unreadable";
        return JsonObject.of(
                "sequence", row.sequence(),
                "sha256", bytes.map(ChunkDigests::sha256).orElse(null),
                "bytes", bytes.map(Buffer::length).orElse(0),
                "state", state);
    }

    private static Optional<Buffer> bytes(Buffer payload) {
        try {
            return Optional.of(Chunk.decode(payload).bytes());
        } catch (ProtocolException notAChunk) {
            return Optional.empty();
        }
    }

    private static String sha256(Buffer bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.getBytes()));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
