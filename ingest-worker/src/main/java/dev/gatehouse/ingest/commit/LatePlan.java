package dev.gatehouse.ingest.commit;

import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.shared.segment.ChunkFacts;
import dev.gatehouse.shared.segment.SegmentEntry;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Which chunks of an object are committed late, and what that does to their streams. By the rules of the commit statement: what is below {@code next} is there already, unless it lies in a gap, which it fills; what follows
 * {@code next} without a hole advances the stream.
 *
 * <p>What lies beyond a hole, or belongs to a stream that has no row, waits: the agent may still have what is missing, and says so when it opens the stream (then there is a gap, or the chunks come again). Pure.
 *
 * @param waiting whether there is a chunk that may be needed later
 */
public record LatePlan(List<Late> chunks, List<Moved> streams, boolean waiting) {

    /** A stream as it stands. */
    public record Standing(UUID id, long next, boolean closed, List<Gap> gaps) {}

    /** A row of {@code gap}. */
    public record Gap(long first, long next, OffsetDateTime noticedAt) {

        boolean holds(long sequence) {
            return first <= sequence && sequence < next;
        }
    }

    /** A block to be committed. */
    record Late(int block, SegmentEntry entry) {}

    /**
     * What becomes of a stream.
     *
     * @param next may be what it was
     * @param reaches whether the chunk {@code next - 1} is one of these
     * @param lastCrc of that chunk; empty if its CRC was wrong on arrival
     * @param fin if one of these is the last
     * @param gaps all that there are from now on
     */
    record Moved(
            Standing before,
            long next,
            boolean reaches,
            OptionalInt lastCrc,
            Optional<Chunk.Fin> fin,
            List<Gap> gaps) {}

    /**
     * Decides.
     *
     * @param entries of the object, in block order
     * @param wanted streams that are looked at
     * @param standing the streams that have a row
     * @param fins of the entries that are their stream's last
     * @param patient whether to wait; else what is missing below a chunk becomes a gap, and streams without a row are left out
     */
    static LatePlan of(
            List<SegmentEntry> entries,
            Predicate<UUID> wanted,
            Map<UUID, Standing> standing,
            Map<UUID, Chunk.Fin> fins,
            boolean patient,
            OffsetDateTime now) {
        Map<UUID, List<Late>> parts = new LinkedHashMap<>();
        for (int block = 0; block < entries.size(); block++) {
            SegmentEntry entry = entries.get(block);
            if (wanted.test(entry.streamId())) {
                parts.computeIfAbsent(entry.streamId(), id -> new ArrayList<>()).add(new Late(block, entry));
            }
        }
        List<Late> chunks = new ArrayList<>();
        List<Moved> streams = new ArrayList<>();
        boolean waiting = false;
        for (Map.Entry<UUID, List<Late>> part : parts.entrySet()) {
            Standing stream = standing.get(part.getKey());
            if (stream == null) {
                waiting |= patient;
                continue;
            }
            part.getValue().sort(Comparator.comparingLong(late -> late.entry().sequence()));
            OneStream one = new OneStream(stream, patient, now);
            part.getValue().forEach(one::add);
            waiting |= one.waiting;
            if (!one.chunks.isEmpty()) {
                chunks.addAll(one.chunks);
                streams.add(one.moved(fins));
            }
        }
        chunks.sort(Comparator.comparingInt(Late::block));
        return new LatePlan(chunks, streams, waiting);
    }

    /** One stream's chunks in their order. */
    private static final class OneStream {

        private final Standing before;
        private final boolean patient;
        private final OffsetDateTime now;
        private final List<Gap> gaps;
        private final List<Late> chunks = new ArrayList<>();
        private long next;
        private boolean waiting;

        OneStream(Standing before, boolean patient, OffsetDateTime now) {
            this.before = before;
            this.patient = patient;
            this.now = now;
            this.next = before.next();
            this.gaps = new ArrayList<>(before.gaps());
        }

        void add(Late late) {
            long sequence = late.entry().sequence();
            if (sequence < next) {
                gaps.stream().filter(gap -> gap.holds(sequence)).findFirst().ifPresent(gap -> {
                    fill(gap, sequence);
                    chunks.add(late);
                });
            } else if (!before.closed() && (sequence == next || !patient)) {
                if (sequence > next) {
                    gaps.add(new Gap(next, sequence, now));
                }
                next = sequence + 1;
                chunks.add(late);
            } else {
                waiting |= !before.closed();
            }
        }

        private void fill(Gap gap, long sequence) {
            gaps.remove(gap);
            if (gap.first() < sequence) {
                gaps.add(new Gap(gap.first(), sequence, gap.noticedAt()));
            }
            if (sequence + 1 < gap.next()) {
                gaps.add(new Gap(sequence + 1, gap.next(), gap.noticedAt()));
            }
        }

        Moved moved(Map<UUID, Chunk.Fin> fins) {
            SegmentEntry last = chunks.getLast().entry();
            boolean reachesNext = last.sequence() + 1 == next;
            ChunkFacts facts = last.facts();
            boolean ends =
                    reachesNext && facts.state() == ChunkFacts.State.WHOLE && (facts.flags() & ChunkFacts.FIN) != 0;
            return new Moved(
                    before,
                    next,
                    reachesNext,
                    reachesNext && facts.state() != ChunkFacts.State.QUARANTINED
                            ? OptionalInt.of(facts.crc())
                            : OptionalInt.empty(),
                    ends ? Optional.of(fins.get(before.id())) : Optional.empty(),
                    gaps);
        }
    }
}
