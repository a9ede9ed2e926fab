package dev.gatehouse.admin.stream;

import dev.gatehouse.admin.http.Answer;
import dev.gatehouse.admin.http.ApiException;
import dev.gatehouse.admin.http.Call;
import dev.gatehouse.admin.http.Items;
import dev.gatehouse.admin.http.Operations;
import dev.gatehouse.shared.record.ChunkRecord;
import dev.gatehouse.shared.record.ChunkRecords;
import dev.gatehouse.shared.record.Page;
import dev.gatehouse.shared.record.StreamRecord;
import dev.gatehouse.shared.record.StreamRecords;
import dev.gatehouse.shared.segment.BlockSource;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Lists and shows streams, their chunks and their content. Thread-safe. */
public final class StreamOperations {

    private final StreamRecords streams;
    private final ChunkRecords chunks;
    private final ChunkDigests digests;
    private final ContentOperation content;

    public StreamOperations(StreamRecords streams, ChunkRecords chunks, BlockSource blocks) {
        this.streams = streams;
        this.chunks = chunks;
        this.digests = new ChunkDigests(blocks);
        this.content = new ContentOperation(streams, chunks, blocks);
    }

    public void bind(Operations operations) {
        operations
                .on("listStreams", this::list)
                .on("getStream", call -> get(call).map(stream -> Answer.json(StreamJson.of(stream))))
                .on("getStreamContent", content::content)
                .on("listChunks", this::chunks);
    }

    private Future<Answer> list(Call call) {
        StreamRecords.Filter filter = new StreamRecords.Filter(
                call.text("kind"), call.uuid("agentId"), call.text("name"), call.time("from"), call.time("to"));
        Optional<StreamRecords.After> after = call.cursor()
                .map(key -> new StreamRecords.After(
                        Instant.parse(key.getString("at")), UUID.fromString(key.getString("id"))));
        return streams.list(filter, after, call.limit())
                .map(page -> Items.of(
                        call,
                        page,
                        StreamJson::of,
                        stream -> JsonObject.of(
                                "at",
                                stream.openedAt().toString(),
                                "id",
                                stream.id().toString())));
    }

    private Future<StreamRecord> get(Call call) {
        return streams.get(call.id()).map(found -> found.orElseThrow(() -> ApiException.notFound("stream", call.id())));
    }

    private Future<Answer> chunks(Call call) {
        return get(call)
                .compose(stream -> chunks.list(stream, call.cursor().map(StreamOperations::after), call.limit()))
                .compose(page -> digests.of(page.items()).map(read -> {
                    List<Told> told = new ArrayList<>();
                    for (int i = 0; i < read.size(); i++) {
                        told.add(new Told(page.items().get(i), read.get(i)));
                    }
                    return Items.of(call, new Page<>(told, page.more()), Told::json, each -> key(each.row));
                }));
    }

    /** A chunk and what is told of it. */
    private record Told(ChunkRecord row, JsonObject json) {}

    private static ChunkRecords.After after(JsonObject key) {
        return new ChunkRecords.After(
                key.getLong("sequence"),
                Instant.parse(key.getString("at")),
                UUID.fromString(key.getString("segment")),
                key.getInteger("index"));
    }

    private static JsonObject key(ChunkRecord row) {
        return JsonObject.of(
                "sequence", row.sequence(),
                "at", row.committedAt().toString(),
                "segment", row.block().segmentId().toString(),
                "index", row.blockIndex());
    }
}
