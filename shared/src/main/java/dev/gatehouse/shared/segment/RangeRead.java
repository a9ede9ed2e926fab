package dev.gatehouse.shared.segment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One read of neighbouring blocks.
 *
 * @param offset in the object
 * @param length at most {@link #MAX_BYTES}, unless a single block is longer
 */
record RangeRead(long offset, int length, List<Wanted> blocks) {

    /** Reading so many bytes in vain is cheaper than another request. */
    static final int MAX_HOLE = 64 * 1024;

    static final int MAX_BYTES = 4 * 1024 * 1024;

    /** A block and where in the object it begins. */
    record Wanted(BlockRef ref, long offset) {

        long end() {
            return offset + ref.blockLength();
        }
    }

    /** Few reads that cover all that is wanted of one object. */
    static List<RangeRead> plan(List<Wanted> wanted) {
        List<RangeRead> reads = new ArrayList<>();
        List<Wanted> run = new ArrayList<>();
        long end = 0;
        for (Wanted block :
                wanted.stream().sorted(Comparator.comparingLong(Wanted::offset)).toList()) {
            if (!run.isEmpty()
                    && (block.offset() > end + MAX_HOLE
                            || block.end() - run.getFirst().offset() > MAX_BYTES)) {
                reads.add(of(run, end));
                run = new ArrayList<>();
                end = 0;
            }
            run.add(block);
            end = Math.max(end, block.end());
        }
        if (!run.isEmpty()) {
            reads.add(of(run, end));
        }
        return reads;
    }

    private static RangeRead of(List<Wanted> run, long end) {
        long from = run.getFirst().offset();
        return new RangeRead(from, Math.toIntExact(end - from), run);
    }
}
