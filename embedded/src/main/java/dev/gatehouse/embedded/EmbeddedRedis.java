package dev.gatehouse.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Redis 6.2 that keeps nothing on disk, in bounded memory: when that is full, writes fail rather than push others out. Thread-safe. */
public final class EmbeddedRedis extends EmbeddedServer {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    /**
     * How to run it.
     *
     * @param folder for its configuration and log; made if it is not there
     * @param port on 127.0.0.1; 0: a free one
     * @param binaries where the program is unpacked to
     * @param maxMemoryBytes for all data
     * @param password that clients must give; printable, without white space and quotes
     * @param tls then nothing but TLS is spoken
     * @param directives further lines of its configuration
     * @param endWithJvm whether it is stopped when this JVM has ended in any way
     */
    public record Options(
            Path folder,
            int port,
            Path binaries,
            long maxMemoryBytes,
            Optional<String> password,
            Optional<RedisTls> tls,
            List<String> directives,
            boolean endWithJvm) {

        public Options {
            directives = List.copyOf(directives);
            if (password.isPresent() && !password.get().matches("[!#-&(-~]+")) {
                throw new EmbeddedException(
                        "the password for Redis may have printable characters without spaces and quotes only");
            }
        }

        /** A free port, 256 MiB, no password, ends with this JVM. */
        public static Options in(Path folder) {
            return new Options(
                    folder,
                    0,
                    Binaries.defaultCache(),
                    256L << 20,
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    true);
        }

        public Options port(int port) {
            return new Options(folder, port, binaries, maxMemoryBytes, password, tls, directives, endWithJvm);
        }

        public Options binaries(Path binaries) {
            return new Options(folder, port, binaries, maxMemoryBytes, password, tls, directives, endWithJvm);
        }

        public Options maxMemoryBytes(long maxMemoryBytes) {
            return new Options(folder, port, binaries, maxMemoryBytes, password, tls, directives, endWithJvm);
        }

        public Options password(String password) {
            return new Options(
                    folder, port, binaries, maxMemoryBytes, Optional.of(password), tls, directives, endWithJvm);
        }

        public Options tls(RedisTls tls) {
            return new Options(
                    folder, port, binaries, maxMemoryBytes, password, Optional.of(tls), directives, endWithJvm);
        }

        public Options directives(List<String> directives) {
            return new Options(folder, port, binaries, maxMemoryBytes, password, tls, directives, endWithJvm);
        }

        public Options outlivesJvm() {
            return new Options(folder, port, binaries, maxMemoryBytes, password, tls, directives, false);
        }

        @Override
        public String toString() {
            return "Redis in " + folder + ", port " + port;
        }
    }

    private final Options options;
    private Path program;

    private EmbeddedRedis(Options options) {
        super("Redis", options.folder(), options.port(), options.endWithJvm());
        this.options = options;
    }

    /** A running server with the usual options on the folder. */
    public static EmbeddedRedis start(Path folder) {
        return start(Options.in(folder));
    }

    /** Not started yet: {@link #restart()} does. */
    public static EmbeddedRedis of(Options options) {
        return new EmbeddedRedis(options);
    }

    /** Returns when commands are answered. */
    public static EmbeddedRedis start(Options options) {
        EmbeddedRedis redis = new EmbeddedRedis(options);
        redis.launch();
        return redis;
    }

    @Override
    void prepare() throws IOException {
        program = RedisProgram.unpacked(options.binaries());
    }

    /** The settings are in a file: a command line can be read by everyone. */
    @Override
    List<String> command(int port) throws IOException {
        StringBuilder settings = new StringBuilder("""
                bind 127.0.0.1
                protected-mode yes
                daemonize no
                save ""
                appendonly no
                maxmemory-policy noeviction
                # the command line must stay as it is: a leftover is known by it
                set-proc-title no
                """);
        settings.append(RedisTls.listen(options.tls(), port));
        settings.append("dir \"").append(folder()).append("\"\n");
        settings.append("maxmemory ").append(options.maxMemoryBytes()).append('\n');
        options.password()
                .ifPresent(password ->
                        settings.append("requirepass ").append(password).append('\n'));
        options.directives().forEach(line -> settings.append(line).append('\n'));
        writeSecret(Path.of(mark()), settings.toString());
        return List.of(program.toString(), mark());
    }

    @Override
    String mark() {
        return folder().resolve("redis.conf").toString();
    }

    @Override
    boolean answers(int port) {
        return RedisProgram.answers(port, options.tls().isPresent(), options.password());
    }

    @Override
    String stopSignal() {
        return "TERM";
    }

    @Override
    Duration stopLimit() {
        return STOP_LIMIT;
    }
}
