package dev.gatehouse.ingest.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
