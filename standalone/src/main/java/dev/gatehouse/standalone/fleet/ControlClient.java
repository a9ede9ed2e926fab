package dev.gatehouse.standalone.fleet;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Asks the foreground process of a fleet; see {@link ControlServer}. No fleet there: {@link FleetException#NOT_REACHABLE}. Blocking. */
final class ControlClient {

    private final Path home;
    private final JsonObject told;

    private ControlClient(Path home, JsonObject told) {
        this.home = home;
        this.told = told;
    }

    static ControlClient of(Path home) throws FleetException {
        Path folder = home.toAbsolutePath().normalize();
        try {
            JsonObject told = new JsonObject(Files.readString(folder.resolve("fleet.json")));
            return new ControlClient(folder, told);
        } catch (NoSuchFileException e) {
            throw nobody(folder);
        } catch (IOException | RuntimeException e) {
            throw new FleetException(FleetException.FAILED, folder + "/fleet.json cannot be read: " + e.getMessage());
        }
    }

    /** @param say told while it goes on */
    JsonObject ask(Commands.Action action, String name, Consumer<String> say) throws FleetException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(told.getString("socket")));
            JsonObject request = new JsonObject().put("do", action.word()).put("name", name);
            channel.write(StandardCharsets.UTF_8.encode(request.encode() + "\n"));
            BufferedReader in = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                JsonObject answer = new JsonObject(line);
                if (answer.containsKey("result")) {
                    return answer.getJsonObject("result");
                } else if (answer.containsKey("error")) {
                    throw new FleetException(answer.getInteger("exit"), answer.getString("error"));
                }
                say.accept(answer.getString("say"));
            }
            throw new FleetException("the fleet has gone before it answered");
        } catch (IOException e) {
            throw nobody(home);
        }
    }

    /** Ends the fleet and returns when its foreground process has ended. */
    void stopAll() throws FleetException {
        ask(Commands.Action.STOP, Commands.ALL, text -> {});
        ProcessHandle.of(told.getLong("pid"))
                .ifPresent(process -> process.onExit().join());
    }

    private static FleetException nobody(Path home) {
        return new FleetException(
                FleetException.NOT_REACHABLE,
                "no fleet runs in " + home + "; `gatehouse fleet up --home " + home + "` starts one");
    }
}
