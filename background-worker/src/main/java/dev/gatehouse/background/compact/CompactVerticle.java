package dev.gatehouse.background.compact;

import dev.gatehouse.shared.node.Node;
import dev.gatehouse.shared.segment.NewId;
import dev.gatehouse.shared.segment.SegmentException;
import dev.gatehouse.shared.segment.SegmentHead;
import dev.gatehouse.shared.segment.SegmentWriter;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves what was committed inline into objects, {@link #ENOUGH} at a time or when it has waited {@link #LONGEST}: blocks are copied verbatim, rows of chunks stay as they are, and only the segments' places change, in one statement under the master's epoch. Master's work.
 *
 * <p>Cut off at any point it leaves at most an object without rows, which the orphan collector finds. Event loop.
 */
public final class CompactVerticle extends VerticleBase {

    /** Objects are worth their request from here on. */
    static final long ENOUGH = 8 * 1024 * 1024;

    /** Inline rows are gone after ten minutes at the latest: this, a period, and the move itself. */
    static final Duration LONGEST = Duration.ofMinutes(8);

    /** Segments that one object takes at most; an inline one is below 64 KiB. */
    static final int COUNT = 512;

    static final Duration PERIOD = Duration.ofSeconds(10);

    private static final int MAX_REFUSED = 10_000;
    private static final Logger log = LoggerFactory.getLogger(CompactVerticle.class);

    private final Node node;
    private final InlineSegments inline;
    private final Counter moved;
    private final Set<UUID> refused = new HashSet<>();
    private volatile OptionalLong epoch = OptionalLong.empty();
    private Optional<UUID> writer = Optional.empty();
    private boolean busy;

    public CompactVerticle(Node node) {
        this.node = node;
        this.inline = new InlineSegments(node.postgres());
        this.moved = node.meters().counter("gatehouse.compact.segments");
    }

    /** The epoch that this process may act under from now on; empty: stop. Thread-safe. */
    public void actUnder(OptionalLong epoch) {
        this.epoch = epoch;
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(PERIOD.toMillis(), timer -> turn());
        return Future.succeededFuture();
    }

    private void turn() {
        OptionalLong now = epoch;
        if (busy || now.isEmpty()) {
            return;
        }
        busy = true;
        inline.waiting(COUNT)
                .compose(waiting -> isDue(waiting) ? compact(now.getAsLong()) : Future.succeededFuture(0))
                .onFailure(
                        cause -> log.warn("Inline segments not moved, next try in {}: {}", PERIOD, cause.getMessage()))
                .onComplete(done -> busy = false);
    }

    static boolean isDue(InlineSegments.Waiting waiting) {
        return waiting.bytes() >= ENOUGH
                || (waiting.bytes() > 0 && waiting.oldest().compareTo(LONGEST) >= 0);
    }

    /** Moves the oldest segments; answers how many. */
    Future<Integer> compact(long epoch) {
        return openWriter().compose(open -> inline.oldest(COUNT, refused).compose(found -> move(epoch, open, found)));
    }

    private Future<Integer> move(long epoch, UUID open, List<InlineSegments.Segment> found) {
        SegmentWriter object = new SegmentWriter(new SegmentHead(open, NewId.now(), System.currentTimeMillis() * 1000));
        List<UUID> segments = new ArrayList<>();
        List<Long> offsets = new ArrayList<>();
        for (InlineSegments.Segment segment : found) {
            try {
                offsets.add((long) SegmentHead.BYTES + object.copy(segment.blocks()));
                segments.add(segment.id());
            } catch (SegmentException e) {
                refuse(segment.id(), e);
            }
        }
        if (segments.isEmpty()) {
            return Future.succeededFuture(0);
        }
        String key = open + "/" + object.head().segmentId() + ".seg";
        return node.store()
                .put(key, object.object())
                .compose(stored -> inline.move(epoch, open, key, segments, offsets))
                .onSuccess(count -> {
                    moved.increment(count);
                    log.info(
                            "Moved {} of {} inline segments, {} bytes, into {}",
                            count,
                            segments.size(),
                            object.length(),
                            key);
                });
    }

    private void refuse(UUID segment, SegmentException why) {
        if (refused.size() < MAX_REFUSED && refused.add(segment)) {
            log.error(
                    "Inline segment {} stays where it is, as it is not what was written: {}",
                    segment,
                    why.getMessage());
        }
    }

    private Future<UUID> openWriter() {
        Future<Boolean> stillOpen = writer.map(inline::writerSeen).orElse(Future.succeededFuture(false));
        return stillOpen.compose(open -> open
                ? Future.succeededFuture(writer.get())
                : inline.openWriter(NewId.now(), node.id()).onSuccess(id -> writer = Optional.of(id)));
    }
}
