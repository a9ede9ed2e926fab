package dev.gatehouse.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Whom PostgreSQL runs as, since it refuses to be root: the user we are; as root (or as a user without a name), ourselves in a user namespace where we are called nobody; and as root where the kernel refuses such, nobody itself.
 *
 * @param prefix goes before a command
 * @param uid owns the data
 */
record RunAs(List<String> prefix, int uid) {

    private static final int NOBODY = 65534;

    private static final List<String> NAMESPACE = List.of("unshare", "-U");

    /** Nobody keeps the one right to pass folders that are closed to it, such as those above a home of root's. */
    private static final List<String> SETPRIV = List.of(
            "setpriv",
            "--reuid=" + NOBODY,
            "--regid=" + NOBODY,
            "--clear-groups",
            "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override");

    static RunAs here() {
        int uid = ownUid();
        if (uid != 0) {
            // initdb wants a name for its user; in a container it may have none
            return new RunAs(works(List.of(), "id", "-un") || !works(NAMESPACE, "true") ? List.of() : NAMESPACE, uid);
        }
        return works(NAMESPACE, "true") ? new RunAs(NAMESPACE, 0) : nobody();
    }

    static RunAs nobody() {
        return new RunAs(works(SETPRIV, "true") ? SETPRIV : SETPRIV.subList(0, 4), NOBODY);
    }

    static int ownUid() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives a folder and all in it to the user, if it isn't so already. */
    void own(Path folder) throws IOException {
        if (ownUid() != 0 || owner(folder) == uid) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            // the folder itself last: it tells whether all of it was done
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    private static int owner(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean works(List<String> prefix, String... words) {
        List<String> command = Stream.concat(prefix.stream(), Stream.of(words)).toList();
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
