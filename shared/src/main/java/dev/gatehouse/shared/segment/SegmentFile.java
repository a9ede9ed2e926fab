package dev.gatehouse.shared.segment;

import dev.gatehouse.shared.store.ObjectStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Reads what a segment object says about itself, from its end: one read, two when it has many blocks. Thread-safe. */
public final class SegmentFile {

    /** How much of the end is read at first. */
    private static final int TAIL = 64 * 1024;

    private SegmentFile() {}

    /** The index of the object; fails with {@link SegmentException} if it is not a whole segment. */
    public static Future<SegmentIndex> index(ObjectStore store, ObjectStore.Entry object) {
        int tailLength = (int) Math.min(TAIL, object.length());
        if (tailLength < SegmentTrailer.BYTES) {
            return Future.failedFuture(new SegmentException(
                    "object " + object.key() + " of " + object.length() + " bytes is too short for a segment"));
        }
        return store.read(object.key(), object.length() - tailLength, tailLength)
                .compose(tail -> {
                    try {
                        SegmentTrailer trailer = SegmentTrailer.decode(
                                tail.slice(tailLength - SegmentTrailer.BYTES, tailLength), object.length());
                        return footer(store, object, tail, trailer)
                                .compose(footer -> decode(footer, trailer, object.length()));
                    } catch (SegmentException e) {
                        return Future.failedFuture(e);
                    }
                });
    }

    /** The payload of the object's block, its CRC checked; fails with {@link SegmentException} if it is not what was written. */
    public static Future<Buffer> payload(ObjectStore store, String key, SegmentEntry entry) {
        BlockRef ref = new BlockRef(
                entry.streamId(), entry.sequence(), entry.originSegment(), entry.blockOffset(), entry.blockLength());
        return store.read(key, (long) SegmentHead.BYTES + entry.blockOffset(), entry.blockLength())
                .compose(bytes -> {
                    Block block = Block.cut(ref, bytes, 0, new Crc());
                    return block.payload()
                            .map(Future::succeededFuture)
                            .orElseGet(() -> Future.failedFuture(new SegmentException(block.problem())));
                });
    }

    private static Future<Buffer> footer(
            ObjectStore store, ObjectStore.Entry object, Buffer tail, SegmentTrailer trailer) {
        int end = tail.length() - SegmentTrailer.BYTES;
        return trailer.footerLength() <= end
                ? Future.succeededFuture(tail.slice(end - trailer.footerLength(), end))
                : store.read(
                        object.key(),
                        object.length() - SegmentTrailer.BYTES - trailer.footerLength(),
                        trailer.footerLength());
    }

    private static Future<SegmentIndex> decode(Buffer footer, SegmentTrailer trailer, long objectLength) {
        try {
            return Future.succeededFuture(SegmentIndex.decode(footer, trailer, objectLength));
        } catch (SegmentException e) {
            return Future.failedFuture(e);
        }
    }
}
