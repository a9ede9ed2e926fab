package dev.gatehouse.shared.segment;

import dev.gatehouse.shared.store.ObjectStore;
import dev.gatehouse.shared.store.StoreException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Reads chunks back, from the object store or from the inline table, wherever their segments are by now. Neighbouring blocks come with one read.
 *
 * <p>Blocks that are not what was written are answered as such, one by one; a store or database that does not answer fails the whole. Thread-safe.
 */
public final class BlockSource {

    /** Blocks of one call, which bounds what it holds: 64 MiB. */
    public static final int MAX_BLOCKS = 1024;

    private final SqlClient postgres;
    private final ObjectStore store;

    public BlockSource(SqlClient postgres, ObjectStore store) {
        this.postgres = postgres;
        this.store = store;
    }

    /** The blocks in the order of {@code refs}, at most {@link #MAX_BLOCKS}. */
    public Future<List<Block>> read(List<BlockRef> refs) {
        if (refs.size() > MAX_BLOCKS) {
            return Future.failedFuture(new IllegalArgumentException(
                    refs.size() + " blocks in one call; at most " + MAX_BLOCKS + " are allowed"));
        }
        // A segment may be moved between the look at its row and the read: then a second look finds it.
        return attempt(refs)
                .recover(cause -> cause instanceof StoreException.Missing ? attempt(refs) : Future.failedFuture(cause));
    }

    private Future<List<Block>> attempt(List<BlockRef> refs) {
        Set<UUID> segments = new LinkedHashSet<>();
        refs.forEach(ref -> segments.add(ref.segmentId()));
        return SegmentPlace.find(postgres, segments).compose(places -> fetch(refs, places));
    }

    private Future<List<Block>> fetch(List<BlockRef> refs, Map<UUID, SegmentPlace> places) {
        Map<BlockRef, Block> found = new HashMap<>();
        Map<String, List<RangeRead.Wanted>> wanted = new HashMap<>();
        Crc crc = new Crc();
        for (BlockRef ref : refs) {
            SegmentPlace place = places.get(ref.segmentId());
            if (place == null) {
                found.put(ref, Block.broken(ref, "no segment " + ref.segmentId()));
            } else if (place.objectKey() != null) {
                wanted.computeIfAbsent(place.objectKey(), key -> new ArrayList<>())
                        .add(new RangeRead.Wanted(ref, place.objectOffset() + ref.blockOffset()));
            } else if (place.inline() != null) {
                found.put(ref, Block.cut(ref, place.inline(), ref.blockOffset(), crc));
            } else {
                return Future.failedFuture(new StoreException.Missing("inline " + ref.segmentId()));
            }
        }
        List<Future<?>> reads = new ArrayList<>();
        wanted.forEach(
                (key, blocks) -> RangeRead.plan(blocks).forEach(range -> reads.add(readRange(key, range, found))));
        return Future.all(reads).map(all -> refs.stream().map(found::get).toList());
    }

    private Future<Buffer> readRange(String key, RangeRead range, Map<BlockRef, Block> found) {
        return store.read(key, range.offset(), range.length())
                .map(
                        bytes -> { // not onSuccess: the future may be seen as done before its listener has run
                            Crc crc = new Crc();
                            synchronized (found) { // without a context of the caller's, reads complete on any thread
                                range.blocks()
                                        .forEach(block -> found.put(
                                                block.ref(),
                                                Block.cut(block.ref(), bytes, block.offset() - range.offset(), crc)));
                            }
                            return bytes;
                        });
    }
}
