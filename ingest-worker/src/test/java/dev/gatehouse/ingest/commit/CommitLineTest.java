package dev.gatehouse.ingest.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CommitLineTest {

    private static final int MIB = 1024 * 1024;

    private final CommitLine line = new CommitLine(new CommitLimits(64 * 1024, 8 * MIB, 2));
    private long now;
    private long sequence;

    @Test
    void whatIsUploadedFirstIsStillCommittedInCutOrder() {
        Cut first = segment();
        Cut second = segment();
        line.uploaded(second);
        assertThat(line.commit()).isEmpty();
        line.uploaded(first);
        assertThat(line.commit()).containsExactly(first, second);
    }

    @Test
    void uploadsAreBoundedAndASlotIsFreeAgainAfterAnUpload() {
        Cut first = segment();
        segment();
        add(5 * MIB);
        assertThat(line.cut(now)).isEmpty();
        line.uploaded(first);
        assertThat(line.cut(now)).isPresent();
    }

    @Test
    void oneTransactionAtATime() {
        Cut first = inline();
        assertThat(line.commit()).containsExactly(first);
        Cut second = segment();
        line.uploaded(second);
        assertThat(line.commit()).isEmpty();
        line.committed(List.of(first));
        assertThat(line.commit()).containsExactly(second);
    }

    @Test
    void whatFailedComesAgainTogetherWithWhatBecameReady() {
        Cut first = inline();
        List<Cut> group = line.commit();
        Cut second = segment();
        line.uploaded(second);
        line.failed(group);
        assertThat(line.commit()).containsExactly(first, second);
    }

    @Test
    void heldBytesCountUntilCommitted() {
        Cut cut = segment();
        add(1000);
        assertThat(line.heldBytes()).isEqualTo(5 * MIB + 1000);
        line.uploaded(cut);
        List<Cut> group = line.commit();
        assertThat(line.heldBytes()).isEqualTo(5 * MIB + 1000);
        line.committed(group);
        assertThat(line.heldBytes()).isEqualTo(1000);
        assertThat(line.oldestAt()).hasValue(now);
    }

    @Test
    void noSegmentIsLongerThanAllowed() {
        for (int i = 0; i < 20; i++) {
            add(MIB);
        }
        Cut first = line.cut(now).orElseThrow();
        Cut second = line.cut(now).orElseThrow();
        assertThat(first.bytes()).isEqualTo(8 * MIB);
        assertThat(second.bytes()).isEqualTo(8 * MIB);
        assertThat(second.chunks().getFirst().sequence()).isEqualTo(8);
    }

    @Test
    void underANewWriterEveryObjectWithoutRowsIsUploadedAgain() {
        Cut uploaded = segment();
        Cut uploading = segment();
        line.uploaded(uploaded);
        List<Cut> group = line.commit();
        line.failed(group);
        assertThat(line.reopened()).containsExactly(uploaded, uploading);
        assertThat(line.commit()).isEmpty();
        line.uploaded(uploading);
        line.uploaded(uploaded);
        assertThat(line.commit()).containsExactly(uploaded, uploading);
    }

    @Test
    void anInlineCutWaitsForTheSegmentsBeforeIt() {
        Cut segment = segment();
        Cut small = inline();
        assertThat(line.commit()).isEmpty();
        line.uploaded(segment);
        assertThat(line.commit()).containsExactly(segment, small);
    }

    @Test
    void aGroupThatIsRefusedIsCommittedCutByCutAndThenTogetherAgain() {
        Cut first = segment();
        Cut second = segment();
        line.uploaded(first);
        line.uploaded(second);
        assertThat(line.refused(line.commit())).isEqualTo(new CommitLine.Refused(List.of(), Optional.empty()));
        assertThat(line.commit()).containsExactly(first);
        line.committed(List.of(first));
        assertThat(line.commit()).containsExactly(second);
        line.committed(List.of(second));
        Cut third = segment();
        Cut fourth = segment();
        line.uploaded(third);
        line.uploaded(fourth);
        assertThat(line.commit()).containsExactly(third, fourth);
    }

    @Test
    void aCutThatIsRefusedIsHalvedUntilOneStreamIsAloneAndOnlyThatOneLeaves() {
        // GIVEN a cut with two chunks of each of five streams, and one behind it
        for (long chunk = 0; chunk < 2; chunk++) {
            for (long stream = 0; stream < 5; stream++) {
                line.add(TakenChunks.of(new UUID(0, stream), chunk));
            }
        }
        assertThat(line.cut(now)).isPresent();
        Cut behind = segment();
        line.uploaded(behind);
        // WHEN the fourth stream's chunks are refused whatever they are with
        UUID bad = new UUID(0, 3);
        List<TakenChunk> committed = new ArrayList<>();
        List<TakenChunk> left = new ArrayList<>();
        for (List<Cut> group = line.commit(); !group.isEmpty(); group = line.commit()) {
            List<TakenChunk> chunks =
                    group.stream().flatMap(cut -> cut.chunks().stream()).toList();
            if (chunks.stream().anyMatch(chunk -> chunk.streamId().equals(bad))) {
                line.refused(group).left().ifPresent(cut -> left.addAll(cut.chunks()));
            } else {
                committed.addAll(chunks);
                line.committed(group);
            }
        }
        // THEN all others are committed, each stream's in order, and nothing is held
        assertThat(left).extracting(TakenChunk::sequence).containsExactly(0L, 1L);
        assertThat(left).extracting(TakenChunk::streamId).containsOnly(bad);
        assertThat(committed).hasSize(8 + behind.chunks().size());
        for (long stream : new long[] {0, 1, 2, 4}) {
            assertThat(committed)
                    .filteredOn(chunk -> chunk.streamId().equals(new UUID(0, stream)))
                    .extracting(TakenChunk::sequence)
                    .containsExactly(0L, 1L);
        }
        assertThat(line.heldBytes()).isZero();
        now += 1_000_000_000; // inline bytes are paced
        assertThat(inline().inline()).as("the way is free for the next").isTrue();
    }

    private Cut segment() {
        add(5 * MIB);
        Cut cut = line.cut(now).orElseThrow();
        assertThat(cut.inline()).isFalse();
        return cut;
    }

    private Cut inline() {
        add(1000);
        Cut cut = line.cut(now).orElseThrow();
        assertThat(cut.inline()).isTrue();
        return cut;
    }

    private void add(int bytes) {
        line.add(TakenChunks.of(sequence++, bytes, now));
    }
}
