package dev.gatehouse.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The right to run a server on a folder: one JVM at a time has it, and its end, however it comes, gives it back. So a server found running by its holder is a leftover, never somebody else's. */
final class FolderLock implements AutoCloseable {

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    static FolderLock take(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new FolderLock(channel);
            }
        } catch (OverlappingFileLockException e) {
            // held within this JVM: the same answer
        }
        channel.close();
        throw new EmbeddedException(folder + " is in use by another running program");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
