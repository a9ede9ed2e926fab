package dev.gatehouse.standalone.fleet;

import dev.gatehouse.shared.settings.DidYouMean;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What other commands may ask of a running fleet, done one after the other. A request is {@code {do, name?}}, its result an object. Thread-safe. */
final class Commands {

    /** What may be asked. */
    enum Action {
        LIST,
        STOP,
        START,
        KILL,
        PAUSE,
        RESUME,
        UPGRADE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Stands for all services, and for the fleet itself. */
    static final String ALL = "";

    private final Fleet fleet;
    private final Runnable endFleet;

    Commands(Fleet fleet, Runnable endFleet) {
        this.fleet = fleet;
        this.endFleet = endFleet;
    }

    /** @param say told while it goes on */
    JsonObject run(JsonObject request, Consumer<String> say) throws FleetException, InterruptedException {
        Action action = Action.valueOf(request.getString("do", "").toUpperCase(Locale.ROOT));
        String name = request.getString("name", ALL);
        if (action == Action.LIST) {
            return list();
        }
        if (action == Action.STOP && name.equals(ALL)) {
            endFleet.run();
            return new JsonObject();
        }
        if (action == Action.UPGRADE) {
            upgrade(name.equals(ALL) ? fleet.inOrderOfUpgrade() : List.of(service(name)), say);
        } else {
            one(action, part(name));
        }
        fleet.changed();
        return new JsonObject();
    }

    private static void one(Action action, Part part) throws FleetException {
        switch (action) {
            case STOP -> part.stop();
            case START -> part.start();
            case KILL -> part.kill();
            case PAUSE -> part.pause();
            case RESUME -> part.resume();
            default -> throw new IllegalArgumentException(action.word() + " is not for one process");
        }
    }

    private JsonObject list() {
        JsonArray items = new JsonArray();
        for (Part part : fleet.all()) {
            items.add(part.running().json().put("state", part.state().word()));
        }
        return new JsonObject().put("items", items);
    }

    /** One by one: each is drained and replaced by one of the build that is there now, and must be ready before the next. */
    private void upgrade(List<Part> parts, Consumer<String> say) throws FleetException, InterruptedException {
        fleet.renewArchive();
        int done = 0;
        for (Part part : parts) {
            long begun = System.nanoTime();
            say.accept("%d/%d %s: draining …".formatted(++done, parts.size(), part.name()));
            part.stop();
            long drained = System.nanoTime();
            say.accept("%d/%d %s: starting …".formatted(done, parts.size(), part.name()));
            part.start();
            fleet.changed();
            say.accept("%d/%d %s: ready (drained in %.1f s, started in %.1f s)"
                    .formatted(
                            done,
                            parts.size(),
                            part.name(),
                            (drained - begun) / 1e9,
                            (System.nanoTime() - drained) / 1e9));
        }
    }

    private Part service(String name) throws FleetException {
        return named(name, fleet.inOrderOfUpgrade());
    }

    private Part part(String name) throws FleetException {
        return named(name, fleet.all());
    }

    private static Part named(String name, List<Part> parts) throws FleetException {
        for (Part part : parts) {
            if (part.name().equals(name)) {
                return part;
            }
        }
        List<String> names = parts.stream().map(Part::name).toList();
        throw new FleetException("no process '" + name + "'; "
                + DidYouMean.nearest(name, names)
                        .map(near -> "did you mean " + near + "? ")
                        .orElse("")
                + "There are: " + names.stream().collect(Collectors.joining(", ")));
    }
}
