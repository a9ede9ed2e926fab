package dev.gatehouse.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/**
 * Server programs unpacked out of jars into a folder that is shared by all JVMs of this user: once for each version, complete or not at all.
 *
 * <p>Several JVMs may unpack at once: each into a folder of its own that is then renamed; the first wins, the others use its.
 */
final class Binaries {

    private static final Logger log = LoggerFactory.getLogger(Binaries.class);

    /** Written last; holds the number of files, because cleaners of temporary folders take single old ones away. */
    private static final String COMPLETE = ".complete";

    private final Path cache;

    Binaries(Path cache) {
        this.cache = cache.toAbsolutePath().normalize();
    }

    /** In the folder for temporary files: everyone, so also the user that PostgreSQL runs as when we are root, may reach it. */
    static Path defaultCache() {
        return Path.of(System.getProperty("java.io.tmpdir"), "gatehouse-binaries-" + System.getProperty("user.name"));
    }

    /** The folder with the content of a {@code .txz} on the class path. */
    Path unpacked(String name, String resource) throws IOException {
        return cached(name, folder -> untar(resource, folder));
    }

    /** The program that is a resource of a jar. */
    Path program(String name, Class<?> beside, String resource) throws IOException {
        return cached(name, folder -> {
                    Path program = folder.resolve("program");
                    try (InputStream in = open(beside.getClassLoader(), resource)) {
                        Files.copy(in, program);
                    }
                    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
                })
                .resolve("program");
    }

    private interface Filling {
        void into(Path folder) throws IOException;
    }

    private Path cached(String name, Filling filling) throws IOException {
        ownCache();
        Path folder = cache.resolve(name);
        if (isComplete(folder)) {
            return folder;
        }
        Path fresh = Files.createTempDirectory(cache, name + ".new");
        try {
            filling.into(fresh);
            Files.writeString(fresh.resolve(COMPLETE), Long.toString(count(fresh)));
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
            if (Files.exists(folder) && !isComplete(folder)) {
                log.warn("{} has lost files: unpacking it again", folder);
                Files.move(
                        folder, Files.createTempDirectory(cache, name + ".old").resolve("away"));
            }
            Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
            log.debug("{} was unpacked by another JVM meanwhile", folder);
        } catch (FileSystemException e) {
            if (!isComplete(folder)) { // a rename onto a folder that isn't empty comes as any of several exceptions
                throw e;
            }
        } finally {
            delete(fresh);
        }
        return folder;
    }

    /** Programs are run out of the cache: it must be ours alone to write. */
    private void ownCache() throws IOException {
        if (!Files.exists(cache)) {
            Files.createDirectories(cache.getParent());
            try {
                Files.createDirectory(
                        cache, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            } catch (FileAlreadyExistsException e) {
                log.debug("{} was made by another JVM meanwhile", cache);
            }
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(cache);
        if (!Files.getAttribute(cache, "unix:uid").equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                || permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new EmbeddedException(cache
                    + " may be written by others: programs are not run from there; remove it or choose another folder");
        }
    }

    private static boolean isComplete(Path folder) throws IOException {
        Path marker = folder.resolve(COMPLETE);
        return Files.exists(marker) && Files.readString(marker).equals(Long.toString(count(folder)));
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> !file.endsWith(COMPLETE)).count();
        }
    }

    private static InputStream open(ClassLoader loader, String resource) {
        InputStream in = loader.getResourceAsStream(resource);
        if (in == null) {
            throw new EmbeddedException(resource + " is not on the class path: no embedded server for "
                    + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        }
        return in;
    }

    private static void untar(String resource, Path folder) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(open(Binaries.class.getClassLoader(), resource)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = folder.resolve(entry.getName()).normalize();
                if (!file.startsWith(folder)) {
                    throw new IOException(resource + " has an entry outside: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(file.getParent());
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(tar, file);
                    if ((entry.getMode() & 0100) != 0) {
                        Set<PosixFilePermission> mode = EnumSet.copyOf(Files.getPosixFilePermissions(file));
                        mode.addAll(PosixFilePermissions.fromString("--x--x--x"));
                        Files.setPosixFilePermissions(file, mode);
                    }
                }
            }
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
