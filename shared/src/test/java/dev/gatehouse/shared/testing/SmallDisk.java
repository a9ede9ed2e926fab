package dev.gatehouse.shared.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of a few MiB that a test may fill; needs root. Without it the test is skipped, with {@code CI=true} it fails. */
public record SmallDisk(Path folder) implements AutoCloseable {

    /** Mounted on a new folder of the parent, which must be empty again when it is closed. */
    public static SmallDisk mount(Path parent, int mebibytes) throws IOException {
        Path folder = Files.createDirectory(parent.resolve("small"));
        int status = run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", folder.toString());
        assumeTrue(status == 0 || "true".equals(System.getenv("CI")), "mounting a tmpfs needs root");
        assertThat(status).as("mount's exit status").isZero();
        return new SmallDisk(folder);
    }

    /** Takes all the room that is left. */
    public void fill() {
        byte[] piece = new byte[4096];
        try (OutputStream out = Files.newOutputStream(ballast())) {
            for (boolean room = true; room; ) {
                room = write(out, piece);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean write(OutputStream out, byte[] piece) {
        try {
            out.write(piece);
            return true;
        } catch (IOException full) {
            return false;
        }
    }

    /** Gives back what {@link #fill} took. */
    public void free() throws IOException {
        Files.delete(ballast());
    }

    private Path ballast() {
        return folder.resolve("ballast");
    }

    private static int run(String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .onExit()
                .join()
                .exitValue();
    }

    @Override
    public void close() throws IOException {
        assertThat(run("umount", folder.toString())).isZero();
    }
}
