package dev.gatehouse.admin.stream;

import dev.gatehouse.admin.http.Answer;
import dev.gatehouse.admin.http.ApiError;
import dev.gatehouse.admin.http.ApiException;
import dev.gatehouse.admin.http.Call;
import dev.gatehouse.shared.record.ChunkRecords;
import dev.gatehouse.shared.record.StreamRecord;
import dev.gatehouse.shared.record.StreamRecords;
import dev.gatehouse.shared.segment.BlockSource;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code streams/{id}/content}. Thread-safe. */
final class ContentOperation {

    private final StreamRecords streams;
    private final ChunkRecords chunks;
    private final BlockSource blocks;

    ContentOperation(StreamRecords streams, ChunkRecords chunks, BlockSource blocks) {
        this.streams = streams;
        this.chunks = chunks;
        this.blocks = blocks;
    }

    Future<Answer> content(Call call) {
        return streams.get(call.id())
                .map(found -> found.orElseThrow(() -> ApiException.notFound("stream", call.id())))
                .compose(stream -> chunks.contentEnd(stream).compose(length -> answer(call, stream, length)));
    }

    private Future<Answer> answer(Call call, StreamRecord stream, long length) {
        String tag = tag(stream);
        if (named(call.request().getHeader(HttpHeaders.IF_NONE_MATCH), tag)) {
            return Future.succeededFuture(new Answer.Whole(304, Map.of("etag", tag), Buffer.buffer()));
        }
        Optional<ByteRange> part = range(call, tag, length);
        ByteRange range = part.orElse(new ByteRange(0, length));
        HttpServerResponse response = call.request().response();
        response.setStatusCode(part.isPresent() ? 206 : 200)
                .putHeader(HttpHeaders.CONTENT_TYPE, Disposition.mediaType(stream))
                .putHeader("Content-Disposition", Disposition.of(stream))
                .putHeader("Content-Security-Policy", "sandbox; default-src 'none'")
                .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
                .putHeader(
                        HttpHeaders.CONTENT_ENCODING,
                        HttpHeaders.IDENTITY) // packed on the way, ranges would mean nothing
                .putHeader(HttpHeaders.ETAG, tag)
                .putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(range.length()));
        part.ifPresent(some -> response.putHeader(HttpHeaders.CONTENT_RANGE, some.header(length)));
        if (stream.missingChunks() > 0) {
            response.putHeader("Gatehouse-Missing-Chunks", String.valueOf(stream.missingChunks()));
        }
        return new ContentSender(chunks, blocks, stream, range, response).send().map(new Answer.Written());
    }

    private static Optional<ByteRange> range(Call call, String tag, long length) {
        String onlyIf = call.request().getHeader("If-Range");
        if (onlyIf != null && !onlyIf.equals(tag)) {
            return Optional.empty();
        }
        try {
            return ByteRange.of(call.request().getHeader("Range"), length);
        } catch (ByteRange.NotSatisfiable none) {
            call.request().response().putHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + length);
            throw ApiException.of(ApiError.RANGE_NOT_SATISFIABLE, "the content has " + length + " bytes");
        }
    }

    /** The SHA-256 of what is whole and closed; otherwise how far it is durable, since bytes before never change. */
    private static String tag(StreamRecord stream) {
        return "\""
                + stream.sha256().filter(sha -> stream.missingChunks() == 0).orElse(stream.id() + "-" + stream.next())
                + "\"";
    }

    private static boolean named(String header, String tag) {
        return header != null
                && Stream.of(header.split(",", -1))
                        .map(String::strip)
                        .anyMatch(each -> each.equals("*") || each.equals(tag) || each.equals("W/" + tag));
    }
}
