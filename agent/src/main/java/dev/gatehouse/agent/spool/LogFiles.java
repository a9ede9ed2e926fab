package dev.gatehouse.agent.spool;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;

/**
 * The log files by number, oldest first: how long each is, how much of it is synced, how many of its chunks are needed, and which may go. Pure; guarded by the spool's lock.
 *
 * <p>Files go from the oldest, once all their chunks are acknowledged and what they alone said of streams and checkpoints has been said again in a younger file, and that is synced.
 */
final class LogFiles {

    private static final int KEPT = 3;

    /** On a full disk, a file below this is not worth another. */
    private static final int WORTH_BYTES = 64 << 10;

    /** One file. */
    static final class LogFile {
        final int number;
        int length;
        int synced;
        int unacked; // chunks
        private long carriedIn; // batch that says again what only this file said; 0 if none yet

        private LogFile(int number) {
            this.number = number;
        }
    }

    private final int fileBytes;
    private final TreeMap<Integer, LogFile> files = new TreeMap<>();
    private int current; // number of the file that is appended to; 0 if none
    private int lastNumber;
    private long total;

    /**
     * @param fileBytes from this length on the next file is begun
     */
    LogFiles(int fileBytes) {
        this.fileBytes = fileBytes;
    }

    /** A file that is there already: it is not appended to. */
    void recovered(int number, int length) {
        LogFile file = new LogFile(number);
        file.length = length;
        file.synced = length;
        files.put(number, file);
        lastNumber = Math.max(lastNumber, number);
        total += length;
    }

    /** The file that takes the next record. */
    LogFile appendable() {
        LogFile file = files.get(current);
        if (file == null || file.length >= fileBytes) {
            current = ++lastNumber;
            file = new LogFile(current);
            files.put(current, file);
        }
        return file;
    }

    void appended(LogFile file, int bytes) {
        file.length += bytes;
        total += bytes;
    }

    LogFile get(int number) {
        return files.get(number);
    }

    /** Length of all files, with what waits to be written. */
    long total() {
        return total;
    }

    /**
     * Has what the oldest, wholly acknowledged files alone say said again, so that they can go. A few files stay: were the rest only checkpoints, saying them again would fill the next file, for ever.
     *
     * @param noteBytes what all checkpoints take
     * @param tight whether the disk is full: then none stay, and the file that is appended to may go too
     * @param sayAgain takes a file's number and returns the batch that says again all that files up to it said
     */
    void carryOver(long noteBytes, boolean tight, IntToLongFunction sayAgain) {
        long spare = tight ? files.size() : files.size() - KEPT - KEPT * noteBytes / fileBytes;
        LogFile appended = files.get(current);
        if (tight && appended != null && appended.unacked == 0 && appended.length > 2 * noteBytes + WORTH_BYTES) {
            current = 0;
        }
        for (LogFile file : List.copyOf(files.values())) { // saying again may add files
            if (spare-- <= 0 || file.number == current || file.unacked > 0) {
                return;
            }
            if (file.carriedIn == 0) {
                file.carriedIn = sayAgain.applyAsLong(file.number);
            }
        }
    }

    /** The oldest files that nobody needs any more; they are forgotten with this call. */
    List<Integer> deletable(long syncedBatch) {
        List<Integer> gone = new ArrayList<>();
        while (!files.isEmpty()) {
            Map.Entry<Integer, LogFile> oldest = files.firstEntry();
            LogFile file = oldest.getValue();
            if (file.carriedIn == 0 || file.carriedIn > syncedBatch || file.unacked > 0) {
                break;
            }
            files.pollFirstEntry();
            total -= file.length;
            gone.add(oldest.getKey());
        }
        return gone;
    }
}
