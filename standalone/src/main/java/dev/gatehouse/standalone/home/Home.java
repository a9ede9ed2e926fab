package dev.gatehouse.standalone.home;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The folder in which everything of a local Gatehouse lives, used by one process at a time. Readable by its owner only, as it holds keys and the first password.
 *
 * <p>Thread-safe. {@link #close()} lets the next process in.
 */
public final class Home implements AutoCloseable {

    /** Another process uses the home, or it cannot be used; the message says which and what to do. */
    public static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }
    }

    private final Path folder;
    private final FileChannel lockFile;

    private Home(Path folder, FileChannel lockFile) {
        this.folder = folder;
        this.lockFile = lockFile;
    }

    /** Makes what is missing of the folder and takes it for this process. */
    public static Home open(Path folder) throws Unusable {
        Path home = folder.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(home)) {
                Files.createDirectories(home.getParent());
                Files.createDirectory(
                        home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
            }
            FileChannel lockFile =
                    FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locked(lockFile)) {
                lockFile.close();
                throw new Unusable("home " + home + " is in use by another gatehouse process"
                        + new ReadyFile(home)
                                .pid().stream()
                                        .mapToObj(pid -> " (pid " + pid + ")")
                                        .findFirst()
                                        .orElse("")
                        + "; stop it, or choose another with --home");
            }
            Home taken = new Home(home, lockFile);
            for (String part : List.of("logs", "store", "watched", "custody", "trust", "agent")) {
                Files.createDirectories(home.resolve(part));
            }
            taken.ready().remove(); // of a process that was killed: the lock says that it is gone
            return taken;
        } catch (IOException e) {
            throw new Unusable("home " + home + " cannot be used: " + e);
        }
    }

    private static boolean locked(FileChannel lockFile) throws IOException {
        try {
            FileLock lock = lockFile.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** A file or folder of the home. */
    public Path at(String name) {
        return folder.resolve(name);
    }

    /** Holds the first administrator's password. */
    public Path adminPassword() {
        return at("admin-password");
    }

    public ReadyFile ready() {
        return new ReadyFile(folder);
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
