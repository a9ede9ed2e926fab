package dev.gatehouse.ingest.orphan;

import dev.gatehouse.ingest.commit.DataRefusal;
import dev.gatehouse.ingest.commit.LateCommit;
import dev.gatehouse.ingest.commit.TakenChunk;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.shared.segment.ChunkFacts;
import dev.gatehouse.shared.segment.SegmentEntry;
import dev.gatehouse.shared.segment.SegmentException;
import dev.gatehouse.shared.segment.SegmentFile;
import dev.gatehouse.shared.segment.SegmentIndex;
import dev.gatehouse.shared.store.ObjectStore;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads an orphan's footer and has what is needed of it committed late. Harmless when several do it at once, or when one dies in between. Thread-safe. */
final class Adoption {

    private static final Logger log = LoggerFactory.getLogger(Adoption.class);

    private static final LateCommit.Outcome UNNEEDED = new LateCommit.Outcome(false, 0, false);

    private final ObjectStore store;
    private final LateCommit commits;

    Adoption(Pool postgres, ObjectStore store) {
        this.store = store;
        this.commits = new LateCommit(postgres);
    }

    /**
     * Adopts what is needed.
     *
     * @param writer whose it is, closed
     * @param patient whether to wait for agents that may still have what is missing
     */
    Future<LateCommit.Outcome> adopt(UUID writer, ObjectStore.Entry object, boolean patient) {
        return SegmentFile.index(store, object)
                .compose(index -> fins(object.key(), index)
                        .compose(fins -> commit(new LateCommit.Orphan(writer, object.key(), index, fins, patient))))
                .recover(cause -> {
                    if (cause instanceof SegmentException) {
                        log.warn("{} cannot be adopted: {}", object.key(), cause.getMessage());
                        return Future.succeededFuture(UNNEEDED);
                    }
                    return Future.failedFuture(cause);
                });
    }

    private Future<LateCommit.Outcome> commit(LateCommit.Orphan orphan) {
        return commits.commit(orphan, every -> true)
                .recover(cause ->
                        DataRefusal.reason(cause).isPresent() ? streamByStream(orphan) : Future.failedFuture(cause));
    }

    /** Something in it is refused by the database: only that stream's share is left out. */
    private Future<LateCommit.Outcome> streamByStream(LateCommit.Orphan orphan) {
        Set<UUID> streams = new LinkedHashSet<>();
        orphan.index().entries().forEach(entry -> streams.add(entry.streamId()));
        Future<LateCommit.Outcome> all = Future.succeededFuture(UNNEEDED);
        for (UUID stream : streams) {
            all = all.compose(before -> commits.commit(orphan, stream::equals)
                    .recover(cause -> DataRefusal.reason(cause)
                            .map(reason -> {
                                log.error(
                                        "The database refuses what {} holds of stream {}: {}",
                                        orphan.key(),
                                        stream,
                                        reason);
                                return Future.succeededFuture(UNNEEDED);
                            })
                            .orElse(Future.failedFuture(cause)))
                    .map(before::and));
        }
        return all;
    }

    /** What the last chunks of streams say about their ends: only their blocks know. */
    private Future<Map<UUID, Chunk.Fin>> fins(String key, SegmentIndex index) {
        Map<UUID, Chunk.Fin> fins = new HashMap<>();
        Future<Void> read = Future.succeededFuture();
        for (SegmentEntry entry : index.entries()) {
            ChunkFacts facts = entry.facts();
            if (facts.state() == ChunkFacts.State.WHOLE && (facts.flags() & ChunkFacts.FIN) != 0) {
                read = read.compose(done -> SegmentFile.payload(store, key, entry))
                        .onSuccess(payload ->
                                TakenChunk.fin(payload, facts).ifPresent(fin -> fins.put(entry.streamId(), fin)))
                        .mapEmpty();
            }
        }
        return read.map(fins);
    }
}
