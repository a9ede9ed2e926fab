package dev.gatehouse.ingest.commit;

import dev.gatehouse.shared.segment.ChunkFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Event chunks of segments that were committed moments ago, so that the indexer need not read them again. A cache only: segments beyond its bound, oldest first, and those of which something was dropped, are
 * read from where they were stored.
 *
 * <p>Thread-safe: filled by the committer, emptied by the indexer.
 */
public final class RecentEvents {

    /** An event chunk and its block's number in the segment. */
    public record Entry(int block, TakenChunk chunk) {}

    private final long maxBytes;
    private final Map<UUID, List<Entry>> segments = new LinkedHashMap<>();
    private long bytes;

    public RecentEvents(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    synchronized void add(List<Cut> group) {
        for (Cut cut : group) {
            List<Entry> events = new ArrayList<>();
            for (int block = 0; block < cut.chunks().size(); block++) {
                TakenChunk chunk = cut.chunks().get(block);
                if (chunk.events() && chunk.facts().state() == ChunkFacts.State.WHOLE) {
                    events.add(new Entry(block, chunk));
                }
            }
            if (!events.isEmpty()) {
                segments.put(cut.segmentId(), events);
                bytes += size(events);
            }
        }
        var oldest = segments.entrySet().iterator();
        while (bytes > maxBytes && oldest.hasNext()) {
            bytes -= size(oldest.next().getValue());
            oldest.remove();
        }
    }

    /** All event chunks of the segment, which is forgotten by this. */
    public synchronized Optional<List<Entry>> take(UUID segmentId) {
        List<Entry> events = segments.remove(segmentId);
        if (events != null) {
            bytes -= size(events);
        }
        return Optional.ofNullable(events);
    }

    private static long size(List<Entry> events) {
        return events.stream().mapToLong(entry -> entry.chunk().stored()).sum();
    }
}
