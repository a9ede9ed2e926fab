package dev.gatehouse.standalone.fleet;

import dev.gatehouse.shared.trust.PrivateFile;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The door through which other commands reach a fleet: a socket in a folder that only its owner can enter, told in {@code HOME/fleet.json}. A connection carries one line of JSON as a request; the answer is lines
 * {@code {say}} while it goes on, and last {@code {result}} or {@code {error, exit}}.
 *
 * <p>Thread-safe.
 */
final class ControlServer implements AutoCloseable {

    /** No request is longer. */
    private static final int MAX_REQUEST = 4096;

    /** A command to run. */
    interface Handler {
        JsonObject run(JsonObject request, Consumer<String> say) throws FleetException, InterruptedException;
    }

    private final Path told;
    private final Path socket;
    private final ServerSocketChannel server;
    private final Handler handler;

    private ControlServer(Path told, Path socket, ServerSocketChannel server, Handler handler) {
        this.told = told;
        this.socket = socket;
        this.server = server;
        this.handler = handler;
    }

    /** @param told the file that says where it is; one that is there is of a process that is gone */
    static ControlServer open(Path told, Handler handler) throws IOException {
        removeOld(told);
        // not in the home: a socket's path has at most 108 bytes
        Path socket = Files.createTempDirectory("gatehouse-fleet-").resolve("control");
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        PrivateFile.write(
                told,
                new JsonObject()
                        .put("pid", ProcessHandle.current().pid())
                        .put("socket", socket.toString())
                        .encodePrettily());
        ControlServer control = new ControlServer(told, socket, server, handler);
        Thread.ofPlatform().daemon().name("control").start(control::accept);
        return control;
    }

    private static void removeOld(Path told) throws IOException {
        if (Files.exists(told)) {
            Path socket = Path.of(new JsonObject(Files.readString(told)).getString("socket"));
            remove(socket);
            Files.delete(told);
        }
    }

    private static void remove(Path socket) throws IOException {
        Files.deleteIfExists(socket);
        Files.deleteIfExists(socket.getParent());
    }

    private void accept() {
        while (true) {
            try {
                SocketChannel client = server.accept();
                Thread.ofPlatform().daemon().name("command").start(() -> serve(client));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                continue; // a client that is gone before it is served
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                BufferedReader in =
                        new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8), MAX_REQUEST);
                PrintWriter out = new PrintWriter(Channels.newWriter(client, StandardCharsets.UTF_8))) {
            JsonObject answer = answer(in.readLine(), text -> send(out, new JsonObject().put("say", text)));
            send(out, answer);
        } catch (IOException e) {
            return; // the client has gone: nobody to tell
        }
    }

    private JsonObject answer(String line, Consumer<String> say) {
        try {
            JsonObject request = new JsonObject(line == null ? "{}" : line);
            return new JsonObject().put("result", handler.run(request, say));
        } catch (FleetException e) {
            return error(e.getMessage(), e.exitStatus());
        } catch (InterruptedException | RuntimeException e) {
            return error(e.toString(), FleetException.FAILED);
        }
    }

    private static JsonObject error(String message, int exit) {
        return new JsonObject().put("error", message).put("exit", exit);
    }

    private static void send(PrintWriter out, JsonObject line) {
        out.println(line.encode());
        out.flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
        remove(socket);
        Files.deleteIfExists(told);
    }
}
