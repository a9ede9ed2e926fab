package dev.gatehouse.agent.spool;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that writes and fsyncs batch after batch, and deletes files that nobody needs. A failed write is tried again at the same place with the same bytes, so that also an fsync that lost pages is made good. */
final class SpoolWriter {

    private static final Logger log = LoggerFactory.getLogger(SpoolWriter.class);

    /** Acknowledgements are written, and the free space looked at, this often. */
    private static final long HOUSEKEEPING_MILLIS = 1000;

    private static final long RETRY_MILLIS = 250;
    private static final long CLOSE_SECONDS = 10;

    /** Neighbouring records are written together up to about this length. */
    private static final int JOINED_BYTES = 1 << 20;

    private final Spool spool;
    private final SpoolDisk disk;
    private final Path folder;
    private final SpoolLimits limits;
    private final Ballast ballast;
    private final Thread thread;
    private volatile String problem = "";
    private boolean wasFull;
    private long nextHousekeeping = System.nanoTime();

    SpoolWriter(Spool spool, SpoolDisk disk, Path folder, SpoolLimits limits) {
        this.spool = spool;
        this.disk = disk;
        this.folder = folder;
        this.limits = limits;
        this.ballast = new Ballast(folder, limits.ballast());
        this.thread = Thread.ofPlatform().name("spool-writer").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Why nothing can be written at present; empty if all is well. */
    String problem() {
        return problem;
    }

    void awaitEnd() {
        try {
            if (!thread.join(java.time.Duration.ofSeconds(CLOSE_SECONDS))) {
                log.error("The spool could not write its last batch within {} s: {}", CLOSE_SECONDS, problem);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (true) {
                boolean closing = spool.isClosed();
                if (closing || System.nanoTime() - nextHousekeeping >= 0) {
                    housekeeping();
                }
                Spool.Work work = spool.awaitWork(HOUSEKEEPING_MILLIS);
                delete(work.deletable());
                if (work.batch().isPresent() ? !write(work.batch().get()) : closing) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            log.error("The spool's writer was interrupted; nothing is captured any more", e);
        }
    }

    private void housekeeping() {
        nextHousekeeping = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(HOUSEKEEPING_MILLIS);
        spool.saveAcks();
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            if (!ballast.isThere() && free > limits.minFreeBytes() + 2 * limits.ballast()) {
                ballast.take();
                wasFull = false;
            }
            boolean low = wasFull || free < limits.minFreeBytes();
            spool.diskLow(low);
            say(
                    low
                            ? "only " + free + " bytes of disk are free; " + limits.minFreeBytes()
                                    + " are left to others"
                            : "");
        } catch (IOException e) {
            say("disk: " + e);
        }
    }

    /** @return false if the spool was closed while the disk takes nothing */
    private boolean write(SpoolIndex.Batch batch) throws InterruptedException {
        while (true) {
            try {
                writeOnce(disk, batch);
                if (problem.startsWith("writing")) {
                    say("");
                }
                spool.synced(batch);
                return true;
            } catch (IOException e) {
                wasFull = true; // until there is room for the ballast again: it is not for new chunks
                spool.diskLow(true);
                if (!dropBallast()) {
                    say("writing fails: " + e.getMessage());
                    if (spool.isClosed()) {
                        log.error("Spool closed with a batch that was never written: {}", e.toString());
                        return false;
                    }
                    Thread.sleep(RETRY_MILLIS);
                }
            }
        }
    }

    /** Writes all, each file forced before the next is begun. */
    static void writeOnce(SpoolDisk disk, SpoolIndex.Batch batch) throws IOException {
        Buffer joined = Buffer.buffer();
        int offset = 0;
        int file = 0;
        for (SpoolIndex.Write write : batch.writes()) {
            if (write.file() != file || joined.length() >= JOINED_BYTES) {
                writeJoined(disk, file, offset, joined);
                if (write.file() != file && file != 0) {
                    disk.force(file);
                }
                joined = Buffer.buffer();
                file = write.file();
                offset = write.offset();
            }
            joined.appendBuffer(write.bytes());
        }
        writeJoined(disk, file, offset, joined);
        if (file != 0) {
            disk.force(file);
        }
    }

    private static void writeJoined(SpoolDisk disk, int file, int offset, Buffer bytes) throws IOException {
        if (bytes.length() > 0) {
            disk.write(file, offset, bytes);
        }
    }

    private void delete(List<Integer> files) {
        for (int file : files) {
            try {
                disk.delete(file);
            } catch (IOException e) {
                log.warn("Spool file {} not deleted, the next start will: {}", file, e.toString());
            }
        }
    }

    private boolean dropBallast() {
        try {
            return ballast.drop();
        } catch (IOException e) {
            return false;
        }
    }

    private void say(String now) {
        if (!now.equals(problem) && now.isEmpty() != problem.isEmpty()) {
            if (now.isEmpty()) {
                log.info("The spool writes again");
            } else {
                log.warn("The spool takes nothing: {}", now);
            }
        }
        problem = now;
    }
}
