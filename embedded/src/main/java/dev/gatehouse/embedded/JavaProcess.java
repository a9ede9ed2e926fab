package dev.gatehouse.embedded;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A Java program as a process of this host, such as a service of a local fleet: it has started when its probe says so. Thread-safe. */
public final class JavaProcess extends EmbeddedServer {

    private static final int PROBE_MILLIS = 2_000;
    private static final Duration FREED_LIMIT = Duration.ofSeconds(2);
    private static final long FREED_POLL_MILLIS = 20;

    /**
     * What runs.
     *
     * @param name for messages
     * @param folder for its pid and what it prints
     * @param port that nobody else may listen on when it starts; 0: none
     * @param command made anew for each start
     * @param mark a word of the command that no other process has
     * @param ready whether it has started
     * @param stopLimit after which it is killed
     * @param endWithJvm whether it is asked to stop when this JVM has ended in any way
     */
    public record Program(
            String name,
            Path folder,
            int port,
            Supplier<List<String>> command,
            String mark,
            BooleanSupplier ready,
            Duration stopLimit,
            boolean endWithJvm) {}

    private final Program program;

    private JavaProcess(Program program) {
        super(program.name(), program.folder(), program.port(), program.endWithJvm());
        this.program = program;
    }

    /** Not started yet: {@link #restart()} does. */
    public static JavaProcess of(Program program) {
        return new JavaProcess(program);
    }

    /** A probe that asks for an HTTP address of this host and wants the status 200. */
    public static BooleanSupplier answersOk(URI address) {
        return () -> {
            try {
                HttpURLConnection connection =
                        (HttpURLConnection) address.toURL().openConnection();
                connection.setConnectTimeout(PROBE_MILLIS);
                connection.setReadTimeout(PROBE_MILLIS);
                boolean ok = connection.getResponseCode() == HttpURLConnection.HTTP_OK;
                connection.disconnect();
                return ok;
            } catch (IOException e) {
                return false;
            }
        };
    }

    @Override
    boolean listens() {
        return program.port() != 0;
    }

    /** Else another program's answers would be taken for its own. A leftover that counts as ended may hold the port for a moment more, until the last of its threads is gone. */
    @Override
    void prepare() {
        if (program.port() != 0 && !Wait.until(FREED_LIMIT, FREED_POLL_MILLIS, () -> !accepts())) {
            throw new EmbeddedException(
                    program.name() + " on port " + program.port() + ": address already in use by another program");
        }
    }

    private boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), program.port()), PROBE_MILLIS);
            return true;
        } catch (IOException free) {
            return false;
        }
    }

    @Override
    List<String> command(int port) {
        return program.command().get();
    }

    @Override
    String mark() {
        return program.mark();
    }

    @Override
    boolean answers(int port) {
        return program.ready().getAsBoolean();
    }

    @Override
    String stopSignal() {
        return "TERM";
    }

    @Override
    Duration stopLimit() {
        return program.stopLimit();
    }
}
