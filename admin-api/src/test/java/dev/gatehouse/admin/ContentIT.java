package dev.gatehouse.admin;

import static dev.gatehouse.admin.ApiIT.assertProblem;
import static dev.gatehouse.admin.Captured.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ContentIT {

    private static final Api api = Api.start();
    private static final Captured captured = new Captured(api.node.node());
    private static final UUID agent = captured.agent("content", Instant.EPOCH);

    @AfterAll
    static void close() {
        api.close();
    }

    @Test
    void joinsChunksWhereverTheyAreAndWhateverTheirCodec() {
        // GIVEN a file in an inline segment and two objects, packed and not
        Buffer content = random(100_000);
        UUID stream = captured.stream(agent, "file", "reports/über \"Q1\".txt", Instant.now());
        captured.segment(true, stream, List.of(chunk(0, 0, content.slice(0, 10), Codec.NONE)));
        captured.segment(
                false,
                stream,
                List.of(
                        chunk(1, 10, content.slice(10, 40_010), Codec.ZSTD),
                        chunk(2, 40_010, content.slice(40_010, 60_000), Codec.NONE)));
        captured.segment(false, stream, List.of(chunk(3, 60_000, content.slice(60_000, 100_000), Codec.ZSTD)));
        captured.close(stream, content);
        // WHEN it is downloaded
        HttpResponse<byte[]> response = content(stream);
        // THEN it is what was captured, under a name that harms nobody
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Buffer.buffer(response.body())).isEqualTo(content);
        assertThat(header(response, "content-length")).isEqualTo("100000");
        assertThat(header(response, "content-type")).isEqualTo("text/plain");
        assertThat(header(response, "etag")).isEqualTo("\"" + sha256(content) + "\"");
        assertThat(header(response, "content-disposition"))
                .isEqualTo("attachment; filename=\"_ber _Q1_.txt\"; filename*=UTF-8''%C3%BCber%20%22Q1%22.txt");
        assertThat(header(response, "content-security-policy")).contains("sandbox");
        JsonObject json = api.json("streams/" + stream);
        assertThat(json.getString("sha256")).isEqualTo(sha256(content));
        assertThat(json.getLong("bytes")).isEqualTo(100_000);
        assertThat(json.getString("agentName")).isEqualTo("content");
    }

    @Test
    void givesAnyRange() {
        Buffer content = random(50_000);
        UUID stream = file(content, 7_000);
        for (String[] each : new String[][] {
            {"bytes=0-0", "0", "1"},
            {"bytes=6999-7000", "6999", "7001"},
            {"bytes=13999-35001", "13999", "35002"},
            {"bytes=49000-", "49000", "50000"},
            {"bytes=-1", "49999", "50000"},
            {"bytes=10-999999", "10", "50000"},
            {"bytes=-60000", "0", "50000"}
        }) {
            int begin = Integer.parseInt(each[1]);
            int end = Integer.parseInt(each[2]);
            HttpResponse<byte[]> response = content(stream, "Range", each[0], "Accept-Encoding", "gzip");
            assertThat(response.statusCode()).as(each[0]).isEqualTo(206);
            assertThat(header(response, "content-range")).isEqualTo("bytes " + begin + "-" + (end - 1) + "/50000");
            assertThat(Buffer.buffer(response.body())).as(each[0]).isEqualTo(content.slice(begin, end));
        }
        HttpResponse<byte[]> beyond = content(stream, "Range", "bytes=50000-");
        assertThat(beyond.statusCode()).isEqualTo(416);
        assertThat(header(beyond, "content-range")).isEqualTo("bytes */50000");
        assertThat(content(stream, "Range", "bytes=0-1,5-6").statusCode()).isEqualTo(200);
        assertThat(content(stream, "Range", "lines=0-1").statusCode()).isEqualTo(200);
    }

    @Test
    void isNotSentAgainToThoseWhoHaveIt() {
        UUID stream = file(random(1_000), 1_000);
        String tag = header(content(stream), "etag");
        assertThat(content(stream, "If-None-Match", "\"other\", " + tag).statusCode())
                .isEqualTo(304);
        assertThat(content(stream, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
        assertThat(content(stream, "If-Range", "\"other\"", "Range", "bytes=0-1")
                        .statusCode())
                .isEqualTo(200);
        assertThat(content(stream, "If-Range", tag, "Range", "bytes=0-1").statusCode())
                .isEqualTo(206);
    }

    @Test
    void ofAnOpenStreamItIsWhatIsDurableSoFar() {
        UUID stream = captured.stream(agent, "events", "", Instant.now());
        assertThat(content(stream).body()).isEmpty();
        captured.segment(true, stream, List.of(chunk(0, 0, Buffer.buffer("first "), Codec.NONE)));
        assertThat(content(stream).body()).asString().isEqualTo("first ");
        captured.segment(true, stream, List.of(chunk(1, 6, Buffer.buffer("second"), Codec.ZSTD)));
        assertThat(content(stream).body()).asString().isEqualTo("first second");
    }

    @Test
    void aRepeatedChunkCountsOnceAndAGapIsZeros() {
        UUID stream = captured.stream(agent, "file", "gap.bin", Instant.now());
        Chunk first = chunk(0, 0, Buffer.buffer("abc"), Codec.NONE);
        captured.segment(true, stream, List.of(first, first));
        captured.segment(true, stream, List.of(chunk(3, 6, Buffer.buffer("xyz"), Codec.NONE)));
        captured.sql("insert into gap (stream_id, first, next) values ($1, 1, 3)", stream);
        HttpResponse<byte[]> response = content(stream);
        assertThat(response.body()).asString().isEqualTo("abc\0\0\0xyz");
        assertThat(header(response, "gatehouse-missing-chunks")).isEqualTo("2");
        assertThat(content(stream, "Range", "bytes=4-6").body()).asString().isEqualTo("\0\0x");
    }

    @Test
    void listsChunksAsTheyAreStoredRepeatsToo() {
        UUID stream = captured.stream(agent, "file", "chunks.bin", Instant.now());
        Chunk zero = chunk(0, 0, Buffer.buffer("zero"), Codec.NONE);
        Chunk one = chunk(1, 4, Buffer.buffer("one".repeat(1000)), Codec.ZSTD);
        captured.segment(true, stream, List.of(zero, one));
        captured.segment(false, stream, List.of(one));
        List<JsonObject> all = new ArrayList<>();
        String next = "";
        do {
            JsonObject page =
                    api.json("streams/" + stream + "/chunks?limit=1" + (next.isEmpty() ? "" : "&cursor=" + next));
            page.getJsonArray("items").forEach(item -> all.add((JsonObject) item));
            next = page.getString("nextCursor");
        } while (next != null);
        assertThat(all).extracting(chunk -> chunk.getLong("sequence")).containsExactly(0L, 1L, 1L);
        assertThat(all.getFirst())
                .isEqualTo(JsonObject.of("sequence", 0, "sha256", sha256(zero.bytes()), "bytes", 4, "state", "whole"));
        assertThat(all.get(1).getString("sha256"))
                .isEqualTo(sha256(one.bytes()))
                .isEqualTo(all.get(2).getString("sha256"));
        assertThat(all.get(1).getInteger("bytes")).isEqualTo(one.bytes().length());
    }

    @Test
    void aChunkWhoseObjectIsGoneIsToldBesideTheOthers() {
        UUID stream = captured.stream(agent, "file", "lost.bin", Instant.now());
        captured.segment(true, stream, List.of(chunk(0, 0, Buffer.buffer("here"), Codec.NONE)));
        UUID lost = captured.segment(false, stream, List.of(chunk(1, 4, Buffer.buffer("gone"), Codec.NONE)));
        captured.sql("update segment set object_key = 'no/such.seg' where id = $1", lost);
        List<JsonObject> chunks = api.items("streams/" + stream + "/chunks");
        assertThat(chunks).extracting(chunk -> chunk.getString("state")).containsExactly("whole", "unreadable");
        assertThat(chunks.get(1).getString("sha256")).isNull();
        assertProblem(api.get("streams/" + stream + "/content"), 503, "unavailable", null);
    }

    @Test
    void findsStreamsByKindAgentNameAndTime() {
        UUID other = captured.agent("content-2", Instant.now());
        Instant at = Instant.parse("2026-02-01T00:00:00Z");
        UUID one = captured.stream(other, "file", "Docs/A_b.txt", at);
        UUID two = captured.stream(other, "events", "", at);
        captured.stream(other, "file", "docs/axb.txt", at.plusSeconds(10));
        String path = "streams?agentId=" + other;
        assertThat(api.items(path)).hasSize(3);
        assertThat(api.items(path + "&kind=events"))
                .extracting(stream -> stream.getString("id"))
                .containsExactly(two.toString());
        assertThat(api.items(path + "&name=a_B"))
                .extracting(stream -> stream.getString("id"))
                .containsExactly(one.toString());
        assertThat(api.items(path + "&from=2026-02-01T00:00:05Z")).hasSize(1);
        assertThat(api.items(path + "&to=2026-02-01T00:00:05Z")).hasSize(2);
        List<String> paged = new ArrayList<>();
        String next = "";
        do {
            JsonObject page = api.json(path + "&limit=1" + (next.isEmpty() ? "" : "&cursor=" + next));
            page.getJsonArray("items").forEach(item -> paged.add(((JsonObject) item).getString("id")));
            next = page.getString("nextCursor");
        } while (next != null);
        assertThat(paged).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void aLargeContentGoesToASlowReaderInConstantMemory() throws Exception {
        // GIVEN 200 MB of which the store has one MB, that all chunks refer to
        int length = 200 * 1024 * 1024;
        UUID stream = captured.stream(agent, "file", "large.bin", Instant.now());
        Buffer plain = random(1024 * 1024);
        captured.repeated(stream, plain, length / plain.length());
        // WHEN a reader takes the first bytes, then nothing, and the rest at last
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        long read = 0;
        long before = used();
        long most = 0;
        try (InputStream in = api.send(
                        api.request("streams/" + stream + "/content").GET(), BodyHandlers.ofInputStream())
                .body()) {
            byte[] bytes = new byte[256 * 1024];
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                digest.update(bytes, 0, n);
                read += n;
                if (read / (20 * 1024 * 1024) != (read - n) / (20 * 1024 * 1024)) {
                    most = Math.max(most, used());
                }
            }
        }
        // THEN all of it arrives and no more than a few MB were ever held
        assertThat(read).isEqualTo(length);
        MessageDigest expected = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < length / plain.length(); i++) {
            expected.update(plain.getBytes());
        }
        assertThat(digest.digest()).isEqualTo(expected.digest());
        assertThat(most - before).as("bytes held").isLessThan(64L * 1024 * 1024);
    }

    @Test
    void aReaderThatLeavesStopsTheReading() throws IOException {
        UUID stream = captured.stream(agent, "file", "left.bin", Instant.now());
        captured.repeated(stream, random(1024 * 1024), 50);
        try (InputStream in = api.send(
                        api.request("streams/" + stream + "/content").GET(), BodyHandlers.ofInputStream())
                .body()) {
            assertThat(in.read()).isNotNegative();
        }
        assertThat(api.get("me").statusCode()).isEqualTo(200);
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** A closed file in chunks of so many bytes. */
    private static UUID file(Buffer content, int size) {
        UUID stream = captured.stream(agent, "file", "some.bin", Instant.now());
        List<Chunk> chunks = new ArrayList<>();
        for (int at = 0; at < content.length(); at += size) {
            Buffer plain = content.slice(at, Math.min(content.length(), at + size));
            chunks.add(chunk(chunks.size(), at, plain, chunks.size() % 2 == 0 ? Codec.ZSTD : Codec.NONE));
        }
        captured.segment(false, stream, chunks);
        captured.close(stream, content);
        return stream;
    }

    private static HttpResponse<byte[]> content(UUID stream, String... headers) {
        var request = api.request("streams/" + stream + "/content").GET();
        return api.send(headers.length == 0 ? request : request.headers(headers), BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    private static Buffer random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        for (int i = 0; i < length; i += 3) {
            bytes[i] = 7; // so that it packs
        }
        return Buffer.buffer(bytes);
    }

    private static String sha256(Buffer bytes) {
        return HexFormat.of().formatHex(Captured.sha256(bytes.getBytes()));
    }
}
