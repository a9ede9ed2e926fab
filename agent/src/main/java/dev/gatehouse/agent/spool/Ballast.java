package dev.gatehouse.agent.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of zeros that is thrown away when the disk is full, so that what must be written before log files can be deleted finds room. Made again when there is space. Confined to the spool's writer.
 */
final class Ballast {

    private final Path file;
    private final long bytes;
    private boolean there;

    Ballast(Path folder, long bytes) {
        this.bytes = bytes;
        this.file = folder.resolve("ballast");
        this.there = Files.exists(file);
    }

    /** @return whether there was something to drop */
    boolean drop() throws IOException {
        boolean dropped = there && Files.deleteIfExists(file);
        there = false;
        return dropped;
    }

    boolean isThere() {
        return there;
    }

    void take() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
            for (long at = 0; at < bytes; at += zeros.capacity()) {
                zeros.clear();
                channel.write(zeros, at);
            }
            channel.force(true);
            there = true;
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }
}
