package dev.gatehouse.standalone.fleet;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** The commands on a running local fleet, without a JVM for each. It is in this package for that. Thread-safe; blocking. */
public final class OpenFleet {

    /** The fleet refuses, or is not there. */
    public static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1;

        Refused(FleetException why) {
            super(why.getMessage(), why);
        }
    }

    private final Path home;

    public OpenFleet(Path home) {
        this.home = home;
    }

    public void kill(String name) {
        ask(Commands.Action.KILL, name);
    }

    /** Returns when it is ready. */
    public void start(String name) {
        ask(Commands.Action.START, name);
    }

    public void pause(String name) {
        ask(Commands.Action.PAUSE, name);
    }

    public void resume(String name) {
        ask(Commands.Action.RESUME, name);
    }

    /** As {@code fleet status -o json} prints it. */
    public JsonObject status() throws InterruptedException {
        try {
            return new JsonObject(new FleetView(ControlClient.of(home)).look().toString());
        } catch (FleetException e) {
            throw new Refused(e);
        }
    }

    /** By name, each as in {@link #status()} but without what only its status endpoint knows. */
    public Map<String, JsonObject> processes() {
        return ask(Commands.Action.LIST, Commands.ALL).getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .collect(Collectors.toMap(process -> process.getString("name"), process -> process));
    }

    private JsonObject ask(Commands.Action action, String name) {
        try {
            return ControlClient.of(home).ask(action, name, text -> {});
        } catch (FleetException e) {
            throw new Refused(e);
        }
    }
}
