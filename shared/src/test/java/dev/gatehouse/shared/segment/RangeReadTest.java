package dev.gatehouse.shared.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RangeReadTest {

    private static final UUID ID = new UUID(1, 2);

    @Test
    void neighboursComeWithOneRead() {
        assertThat(RangeRead.plan(List.of(at(100, 50), at(48, 52), at(160, 10))))
                .extracting(RangeRead::offset, RangeRead::length)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(48L, 122));
    }

    @Test
    void aWideHoleMakesAnotherRead() {
        assertThat(RangeRead.plan(List.of(at(0, 10), at(10 + RangeRead.MAX_HOLE + 1, 10))))
                .hasSize(2);
        assertThat(RangeRead.plan(List.of(at(0, 10), at(10 + RangeRead.MAX_HOLE, 10))))
                .hasSize(1);
    }

    @Test
    void noReadIsLongerThanItsBound() {
        List<RangeRead> reads = RangeRead.plan(
                IntStream.range(0, 1000).mapToObj(i -> at(i * 60_000L, 60_000)).toList());
        assertThat(reads).allMatch(read -> read.length() <= RangeRead.MAX_BYTES);
        assertThat(reads.stream().mapToInt(read -> read.blocks().size()).sum()).isEqualTo(1000);
    }

    private static RangeRead.Wanted at(long offset, int length) {
        return new RangeRead.Wanted(new BlockRef(ID, offset, ID, 0, length), offset);
    }
}
