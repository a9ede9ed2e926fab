package dev.gatehouse.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that runs as a process of this host on a folder and a port of 127.0.0.1. All it keeps is in the folder; the port stays the same over {@link #restart()}.
 *
 * <p>A process that an earlier, killed JVM has left behind on the same folder is ended at the next start. Every wait is bounded. Thread-safe; starts and stops wait for each other, signals do not: a {@link #kill()} also
 * ends a start in progress.
 */
public abstract sealed class EmbeddedServer implements AutoCloseable
        permits EmbeddedPostgres, EmbeddedRedis, EmbeddedSentinel, S3ProxyProcess, JavaProcess {

    /** The only address that embedded servers listen on. */
    public static final String HOST = "127.0.0.1";

    /** How long a start may take: the slowest is a PostgreSQL that recovers after a crash. */
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    /** How often another free port is tried when the chosen one was taken in between. */
    private static final int PORT_TRIES = 5;

    private static final long POLL_MILLIS = 20;
    private static final long LOG_KEPT_BYTES = 16 << 20;
    private static final int LOG_TAIL_BYTES = 4096;

    private static final Logger log = LoggerFactory.getLogger(EmbeddedServer.class);

    private final String name;
    private final Path folder;
    private final boolean endWithJvm;
    private volatile int port;
    private FolderLock lock;
    private volatile LocalProcess process;

    EmbeddedServer(String name, Path folder, int port, boolean endWithJvm) {
        this.name = name;
        this.folder = folder.toAbsolutePath().normalize();
        this.port = port;
        this.endWithJvm = endWithJvm;
    }

    /** Makes all that the first start needs; called before each start with the folder there and no process running. */
    abstract void prepare() throws IOException;

    /** The command for this port; it contains {@link #mark()}. */
    abstract List<String> command(int port) throws IOException;

    /** The word of the command that names the folder. */
    abstract String mark();

    /** Whether the server takes requests on this port now. */
    abstract boolean answers(int port);

    /** Whether it needs a port, so that a free one is chosen where none is given. */
    boolean listens() {
        return true;
    }

    abstract String stopSignal();

    abstract Duration stopLimit();

    /** What else may know the pid of a process left behind, beside our own pid file. */
    List<Path> pidFiles() {
        return List.of(folder.resolve("pid"));
    }

    public final String host() {
        return HOST;
    }

    public final int port() {
        return port;
    }

    /** The process; of PostgreSQL the postmaster. */
    public final long pid() {
        return running().pid();
    }

    public final boolean isRunning() {
        LocalProcess now = process;
        return now != null && now.isAlive();
    }

    /** With what status the process has ended by itself or by a signal (then 128 and the signal's number); empty while it runs, and once it was stopped. */
    public final OptionalInt exitStatus() {
        LocalProcess now = process;
        return now == null ? OptionalInt.empty() : now.exitStatus();
    }

    /** Where the server keeps all it has. */
    public final Path folder() {
        return folder;
    }

    /** What the server writes to standard output and error. */
    public final Path logFile() {
        return folder.resolve("log");
    }

    /** SIGKILL for the server and its children; {@link #restart()} brings it back. */
    public final void kill() {
        running().kill();
    }

    /** SIGSTOP for the server and its children: connections stay open and nothing is answered. */
    public final void pause() {
        running().pause();
    }

    /** Ends a {@link #pause()}. */
    public final void resume() {
        running().resume();
    }

    /** Ends what an earlier, killed JVM has left running on the folder; {@link #restart()} does so too. Does nothing while this server runs. */
    public final synchronized void endLeftover() {
        if (process == null && Files.isDirectory(folder)) {
            pidFiles().forEach(pidFile -> LocalProcess.endLeftover(plan(List.of(), pidFile)));
        }
    }

    /** Starts the server, again on the same folder and port after a clean stop if it runs; returns when it takes requests. */
    public final synchronized void restart() {
        stop();
        launch();
    }

    /** Stops the server cleanly without waiting for its clients, or kills it when that takes too long. Does nothing if it has ended. */
    public final synchronized void stop() {
        if (process != null) {
            process.stop();
            process = null;
        }
        if (lock != null) {
            try {
                lock.close();
            } catch (IOException e) {
                log.warn("{}: lock not given back: {}", folder, e.getMessage());
            }
            lock = null;
        }
    }

    @Override
    public final void close() {
        stop();
    }

    final synchronized void launch() {
        long start = System.nanoTime();
        try {
            Files.createDirectories(folder);
            lock = FolderLock.take(folder);
            for (Path pidFile : pidFiles()) {
                LocalProcess.endLeftover(plan(List.of(), pidFile));
            }
            rotateLog();
            prepare();
            startProcess();
        } catch (IOException e) {
            stop();
            throw new EmbeddedException(name + " in " + folder + " cannot be started: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
        log.info(
                "{} in {} ready on {}:{} after {} ms",
                name,
                folder,
                HOST,
                port,
                Duration.ofNanos(System.nanoTime() - start).toMillis());
    }

    private void startProcess() throws IOException {
        boolean anyPort = port == 0 && listens();
        for (int tries = 1; ; tries++) {
            int candidate = anyPort ? freePort() : port;
            LocalProcess started =
                    LocalProcess.start(plan(command(candidate), pidFiles().getFirst()));
            process = started;
            boolean decided = Wait.until(START_LIMIT, POLL_MILLIS, () -> !started.isAlive() || answers(candidate));
            if (decided && started.isAlive()) {
                port = candidate;
                return;
            }
            String why = decided ? "has ended" : "is not ready after " + START_LIMIT.toSeconds() + " s";
            if (!anyPort || !decided || tries == PORT_TRIES) {
                throw new EmbeddedException(name + " in " + folder + " on port " + candidate + " " + why
                        + ". Its log ends with:\n" + tail(logFile()));
            }
        }
    }

    private LocalProcess.Launch plan(List<String> command, Path pidFile) {
        return new LocalProcess.Launch(
                name, command, mark(), folder, pidFile, logFile(), stopSignal(), stopLimit(), endWithJvm);
    }

    private LocalProcess running() {
        LocalProcess now = process;
        if (now == null) {
            throw new EmbeddedException(name + " in " + folder + " is not running");
        }
        return now;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        }
    }

    private void rotateLog() throws IOException {
        if (Files.exists(logFile()) && Files.size(logFile()) > LOG_KEPT_BYTES) {
            Files.move(logFile(), folder.resolve("log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The last lines of a log, empty if there is none. */
    static String tail(Path file) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long from = Math.max(0, channel.size() - LOG_TAIL_BYTES);
            ByteBuffer end = ByteBuffer.allocate(LOG_TAIL_BYTES);
            int count = Math.max(0, channel.read(end, from));
            return new String(end.array(), 0, count, StandardCharsets.UTF_8);
        }
    }

    /** Replaces a file that only this user may read. */
    static void writeSecret(Path file, String content) throws IOException {
        Path fresh = Files.createTempFile(
                file.toAbsolutePath().getParent(),
                file.getFileName().toString(),
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, content);
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
