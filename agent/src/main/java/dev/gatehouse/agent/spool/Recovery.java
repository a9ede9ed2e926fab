package dev.gatehouse.agent.spool;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log files after a start, one after the other.
 *
 * <p>A place without a whole record is either damage in the middle of what was fsynced once, or the torn end of what never was. It is damage if a later record of the file says that the file was synced beyond the place,
 * or if a younger file follows (which is written to only after this one is synced): then reading goes on at the next whole record. Otherwise the file ends there: whatever follows was never promised to anybody, and the
 * source still has it.
 */
final class Recovery {

    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

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

    /** Reads all files of a disk, cuts off what was never promised to anybody, and forces the rest: it counts from now on, and may be sent. */
    static SpoolIndex all(SpoolDisk disk, SpoolLimits limits) throws IOException {
        SpoolIndex index = new SpoolIndex(limits);
        List<Integer> files = new ArrayList<>(disk.files());
        boolean followed = false;
        List<Boolean> hasFollower = new ArrayList<>();
        for (int i = files.size() - 1; i >= 0; i--) {
            hasFollower.addFirst(followed);
            followed = followed
                    || RecordCodec.decode(disk.readAll(files.get(i)), 0).isPresent();
        }
        for (int i = 0; i < files.size(); i++) {
            Buffer content = disk.readAll(files.get(i));
            int length = index.recover(files.get(i), content, hasFollower.get(i));
            if (length < content.length()) {
                log.info(
                        "Spool file {} ends in {} bytes that were never synced; cut off",
                        files.get(i),
                        content.length() - length);
                disk.truncate(files.get(i), length);
            } else {
                disk.force(files.get(i)); // a process that was killed may have written it and not forced it
            }
        }
        index.recovered();
        if (index.lostChunks() > 0) {
            log.error("The spool is damaged in {} places; what was there is lost", index.lostChunks());
        }
        return index;
    }

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
