package dev.gatehouse.shared.trust;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/** Writes small files whole or not at all, with their mode from the first byte on: a key must never be readable by others, not even for a moment. Blocking. */
public final class PrivateFile {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> ALL_READ = PosixFilePermissions.fromString("rw-r--r--");

    private PrivateFile() {}

    /** Mode 600. A file that is there is replaced. */
    public static void write(Path file, String text) throws IOException {
        replace(file, text, OWNER_ONLY);
    }

    /** Mode 644: what everybody may read, such as a CA's certificate. A file that is there is replaced. */
    public static void writePublic(Path file, String text) throws IOException {
        replace(file, text, ALL_READ);
    }

    private static void replace(Path file, String text, Set<PosixFilePermission> mode) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path fresh = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID());
        FileAttribute<?> attribute = PosixFilePermissions.asFileAttribute(mode);
        try {
            try (FileChannel channel = FileChannel.open(
                    fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attribute)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
        try (FileChannel channel = FileChannel.open(folder)) {
            channel.force(true); // the name is durable only with its folder
        }
    }
}
