package dev.gatehouse.ingest.index;

import dev.gatehouse.ingest.commit.ChunkRows;
import dev.gatehouse.ingest.commit.RecentEvents;
import dev.gatehouse.ingest.rollup.RollupRows;
import dev.gatehouse.shared.segment.Block;
import dev.gatehouse.shared.segment.BlockRef;
import dev.gatehouse.shared.segment.BlockSource;
import dev.gatehouse.shared.store.ObjectStore;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Indexes claimed tasks, batch after batch, each in one transaction: the tasks move on, their events and sums are written, damaged chunks are marked, or none of it. Confined to its verticle's context.
 */
final class Indexer {

    private static final Logger log = LoggerFactory.getLogger(Indexer.class);

    /** A task claimed more often than this without going forward. */
    private static final int SUSPECT = 2;

    /**
     * @param batch events of one transaction, about
     * @param yield completes when the next batch may begin
     * @param indexed told how many events a transaction has written
     */
    record Parts(
            Pool postgres,
            ObjectStore store,
            WorkerExecutor workers,
            int batch,
            Supplier<Future<Void>> yield,
            LongConsumer indexed) {}

    private final Parts parts;
    private final TaskRows tasks;
    private final ChunkLoader loader;
    private final Origins origins;
    private final BlockSource blocks;

    Indexer(Parts parts, RecentEvents recent) {
        this.parts = parts;
        this.tasks = new TaskRows(parts.postgres());
        this.loader = new ChunkLoader(parts.postgres(), recent);
        this.origins = new Origins(parts.postgres());
        this.blocks = new BlockSource(parts.postgres(), parts.store());
    }

    /** Claims tasks and works them off; answers how many it had claimed. */
    Future<Integer> round(int limit) {
        return tasks.claim(limit)
                .compose(claimed -> claimed.isEmpty()
                        ? Future.succeededFuture(0)
                        : work(new ArrayList<>(claimed)).map(claimed.size()));
    }

    /** Works off the tasks, some at a time, until none is left. */
    private Future<Void> work(List<IndexTask> left) {
        if (left.isEmpty()) {
            return Future.succeededFuture();
        }
        List<IndexTask> group = take(left);
        return loader.load(group)
                .compose(loaded -> {
                    group.stream()
                            .filter(task ->
                                    loaded.stream().noneMatch(one -> one.task().equals(task)))
                            .forEach(left::add); // did not fit
                    return batches(loaded, left);
                })
                .recover(cause -> failed(group, left, cause))
                .compose(done -> work(left));
    }

    /** Some tasks, up to a batch of events by what they say; one that has failed before is alone, so that it holds up no other. */
    private List<IndexTask> take(List<IndexTask> left) {
        List<IndexTask> group = new ArrayList<>();
        long records = 0;
        while (!left.isEmpty() && records < parts.batch()) {
            boolean suspect = left.getFirst().attempts() > SUSPECT;
            if (suspect && !group.isEmpty()) {
                break;
            }
            IndexTask task = left.removeFirst();
            records += Math.max(1, task.records());
            group.add(task);
            if (suspect) {
                break;
            }
        }
        return group;
    }

    /** Indexes what is loaded; tasks of which more is stored than was loaded go back to {@code left}. */
    private Future<Void> batches(List<TaskChunks> loaded, List<IndexTask> left) {
        if (loaded.isEmpty()) {
            return Future.succeededFuture();
        }
        IndexBatch batch = IndexBatch.cut(loaded, parts.batch());
        return parts.yield()
                .get()
                .compose(mayGoOn -> read(batch.chunks()))
                .compose(read -> decode(read))
                .compose(decoded -> write(batch, decoded))
                .compose(written -> {
                    Map<UUID, TaskRows.Step> unfinished = new HashMap<>();
                    batch.steps().stream()
                            .filter(step -> !step.last())
                            .forEach(step -> unfinished.put(step.segmentId(), step));
                    batch.rest().forEach(task -> unfinished.remove(task.task().segmentId()));
                    loaded.stream()
                            .map(TaskChunks::task)
                            .filter(task -> unfinished.containsKey(task.segmentId()))
                            .forEach(task -> left.addFirst(task.movedTo(
                                    unfinished.get(task.segmentId()).toBlock())));
                    return batches(batch.rest(), left);
                });
    }

    private Future<List<Block>> read(List<EventChunk> chunks) {
        List<BlockRef> stored = chunks.stream()
                .filter(chunk -> chunk.payload().isEmpty())
                .map(EventChunk::ref)
                .toList();
        List<Block> all = new ArrayList<>();
        chunks.stream()
                .filter(chunk -> chunk.payload().isPresent())
                .forEach(chunk -> all.add(new Block(chunk.ref(), chunk.payload(), "")));
        return stored.isEmpty()
                ? Future.succeededFuture(all)
                : blocks.read(stored).map(read -> {
                    all.addAll(read);
                    return all;
                });
    }

    private Future<Decoded> decode(List<Block> read) {
        long now = System.currentTimeMillis() * 1000;
        return origins.of(read.stream().map(block -> block.ref().streamId()).toList())
                .compose(found -> parts.workers().executeBlocking(() -> Decoded.of(read, found, now), false));
    }

    private Future<Void> write(IndexBatch batch, Decoded decoded) {
        return parts.postgres()
                .withTransaction(transaction -> TaskRows.advance(transaction, batch.steps())
                        .compose(ours -> EventRows.insert(transaction, decoded.events()))
                        .compose(inserted -> RollupRows.add(transaction, decoded.rollup()))
                        .compose(added -> ChunkRows.damaged(transaction, decoded.damaged())))
                .onSuccess(done -> parts.indexed().accept(decoded.events().size()));
    }

    private Future<Void> failed(List<IndexTask> group, List<IndexTask> left, Throwable cause) {
        if (cause instanceof StoppingException) {
            group.addAll(left);
            left.clear();
            return tasks.release(group);
        }
        if (cause instanceof OvertakenException) {
            return Future.succeededFuture(); // whoever has overtaken goes on; what is left is claimed again later
        }
        log.warn("{} segments not indexed, trying again later", group.size(), cause);
        Future<Void> rested = Future.succeededFuture();
        for (IndexTask task : group) {
            rested = rested.compose(done -> tasks.rest(task));
        }
        return rested;
    }
}
