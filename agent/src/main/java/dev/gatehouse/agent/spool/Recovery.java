package dev.gatehouse.agent.spool;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads one log file after a start.
 *
 * <p>A place without a whole record is either damage in the middle of what was fsynced once, or the torn end of what never was. It is damage if a later record of the file says that the file was synced beyond the place,
 * or if a younger file follows (which is written to only after this one is synced): then reading goes on at the next whole record. Otherwise the file ends there: whatever follows was never promised to anybody, and the
 * source still has it.
 */
final class Recovery {

    /**
     * @param offset of the record in the file
     */
    record Placed(SpoolRecord record, int offset) {}

    /**
     * @param length how much of the file counts
     *
     * @param damaged places that were jumped over
     */
    record Result(List<Placed> records, int length, int damaged) {}

    static Result read(Buffer file, boolean followed) {
        List<Placed> records = new ArrayList<>();
        List<Placed> doubtful = new ArrayList<>();
        int damagedAt = -1;
        int damaged = 0;
        int at = 0;
        int length = 0;
        while (at < file.length()) {
            Optional<RecordCodec.Found> found = RecordCodec.decode(file, at);
            if (found.isEmpty()) {
                damagedAt = damagedAt < 0 ? at : damagedAt;
                at = nextMagic(file, at + 1);
                continue;
            }
            RecordCodec.Found good = found.get();
            doubtful.add(new Placed(good.record(), at));
            at += good.length();
            if (damagedAt < 0 || followed || good.synced() > damagedAt) {
                damaged += damagedAt < 0 ? 0 : 1;
                damagedAt = -1;
                records.addAll(doubtful);
                doubtful.clear();
                length = at;
            }
        }
        return new Result(records, followed ? file.length() : length, damaged + (followed && damagedAt >= 0 ? 1 : 0));
    }

    private static int nextMagic(Buffer file, int from) {
        for (int at = from; at <= file.length() - Integer.BYTES; at++) {
            if (file.getByte(at) == (byte) (RecordCodec.MAGIC >>> 24) && file.getInt(at) == RecordCodec.MAGIC) {
                return at;
            }
        }
        return file.length();
    }

    private Recovery() {}
}
