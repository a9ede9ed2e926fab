package dev.gatehouse.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A Redis Sentinel: watches a master and its replicas together with others, and makes a replica the master when enough of them cannot reach the old one. What it has learnt is in its folder and outlives a restart. Thread-safe. */
public final class EmbeddedSentinel extends EmbeddedServer {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    /**
     * How to run it.
     *
     * @param folder for its configuration and log; made if it is not there
     * @param masterName what the master is called
     * @param masterPort of the master on 127.0.0.1
     * @param quorum how many Sentinels must find the master gone
     * @param downAfter for how long the master must be silent
     * @param password that clients and other Sentinels must give; printable, without white space and quotes
     * @param tls then nothing but TLS is spoken
     * @param directives further lines of its configuration
     */
    public record Options(
            Path folder,
            String masterName,
            int masterPort,
            int quorum,
            Duration downAfter,
            Optional<String> password,
            Optional<RedisTls> tls,
            List<String> directives) {

        public Options {
            directives = List.copyOf(directives);
        }
    }

    private final Options options;
    private Path program;

    private EmbeddedSentinel(Options options) {
        super("Sentinel", options.folder(), 0, true);
        this.options = options;
    }

    /** Returns when questions are answered. */
    public static EmbeddedSentinel start(Options options) {
        EmbeddedSentinel sentinel = new EmbeddedSentinel(options);
        sentinel.launch();
        return sentinel;
    }

    @Override
    void prepare() throws IOException {
        program = RedisProgram.unpacked(Binaries.defaultCache());
    }

    /** A Sentinel writes what it learns into its configuration: that is kept, unless the port was taken and another is tried. */
    @Override
    List<String> command(int port) throws IOException {
        Path file = Path.of(mark());
        String listen = RedisTls.listen(options.tls(), port);
        if (!Files.exists(file)
                || !Files.readString(file, StandardCharsets.UTF_8).contains(listen)) {
            writeSecret(file, settings(listen));
        }
        return List.of(program.toString(), mark(), "--sentinel");
    }

    private String settings(String listen) {
        String name = options.masterName();
        StringBuilder settings = new StringBuilder(listen).append("""
                bind 127.0.0.1
                daemonize no
                # the command line must stay as it is: a leftover is known by it
                set-proc-title no
                """);
        settings.append("dir \"").append(folder()).append("\"\n");
        settings.append(
                "sentinel monitor %s 127.0.0.1 %d %d%n".formatted(name, options.masterPort(), options.quorum()));
        settings.append("sentinel down-after-milliseconds %s %d%n"
                .formatted(name, options.downAfter().toMillis()));
        settings.append("sentinel failover-timeout %s %d%n"
                .formatted(name, options.downAfter().multipliedBy(5).toMillis()));
        options.password()
                .ifPresent(password ->
                        settings.append("requirepass %s%nsentinel sentinel-pass %s%n".formatted(password, password)));
        options.directives().forEach(line -> settings.append(line).append('\n'));
        return settings.toString();
    }

    @Override
    String mark() {
        return folder().resolve("sentinel.conf").toString();
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
