package dev.gatehouse.bench.capture;

import dev.gatehouse.bench.load.LoadLink.Acknowledged;
import dev.gatehouse.bench.target.BenchException;
import dev.gatehouse.bench.target.Rest;
import dev.gatehouse.bench.target.Target;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Holds what was acknowledged against what the target has, by {@link StoredStream}: of each stream every chunk row is asked for, and its content is read again from where it is stored. */
final class StoredCheck {

    private static final int AT_ONCE = 4;
    private static final int PAGE = 200;
    private static final int STEP = 20_000;

    private final Rest rest;
    private final AtomicLong looked = new AtomicLong();

    private StoredCheck(Rest rest) {
        this.rest = rest;
    }

    static JsonObject of(Target target, List<Acknowledged> streams) throws BenchException, InterruptedException {
        System.err.printf("bench: reading back what was acknowledged of %,d streams%n", streams.size());
        List<String> problems = new ArrayList<>();
        long chunks = 0;
        long bytes = 0;
        try (Rest rest = new Rest(target);
                ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE)) {
            StoredCheck check = new StoredCheck(rest);
            List<Future<String>> answers = new ArrayList<>();
            for (Acknowledged stream : streams) {
                answers.add(workers.submit(() -> check.problem(stream)));
                chunks += stream.chunks();
                bytes += stream.bytes();
            }
            for (Future<String> answer : answers) {
                String problem = answer.get();
                if (!problem.isEmpty()) {
                    problems.add(problem);
                }
            }
        } catch (ExecutionException e) {
            throw new BenchException("reading back", e.getCause());
        }
        JsonObject result = new JsonObject()
                .put("verified", problems.isEmpty())
                .put("acknowledgedChunks", chunks)
                .put("acknowledgedMB", Math.round(bytes / 1e5) / 10.0);
        return problems.isEmpty() ? result : result.put("problem", problems.getFirst());
    }

    /** What is wrong with a stream; empty if nothing is. */
    private String problem(Acknowledged acknowledged) throws BenchException, InterruptedException {
        StoredStream stream = new StoredStream(acknowledged);
        String path = "streams/" + acknowledged.streamId() + "/chunks?limit=" + PAGE;
        String cursor = "";
        while (cursor != null && stream.isOpen()) {
            JsonObject page = rest.get(path + cursor);
            JsonArray items = page.getJsonArray("items");
            for (int i = 0; i < items.size() && stream.isOpen(); i++) {
                JsonObject chunk = items.getJsonObject(i);
                stream.chunk(chunk.getLong("sequence"), chunk.getLong("bytes"));
                if (looked.incrementAndGet() % STEP == 0) {
                    System.err.printf("bench: %,d chunks read back%n", looked.get());
                }
            }
            String following = page.getString("nextCursor");
            cursor = following == null ? null : "&cursor=" + following;
        }
        return stream.problem();
    }
}
