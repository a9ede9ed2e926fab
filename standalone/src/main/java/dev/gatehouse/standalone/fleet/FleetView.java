package dev.gatehouse.standalone.fleet;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.cli.output.Json;
import dev.gatehouse.shared.cluster.Role;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What a fleet looks like from outside: its processes as the foreground process knows them, and what the status endpoint of each says. Rates are those since the look before. Not thread-safe. */
final class FleetView {

    private final ControlClient fleet;
    private Map<String, Probe> before = Map.of();

    FleetView(ControlClient fleet) {
        this.fleet = fleet;
    }

    /** {@code {master, quorum: {held, live, expected}, processes: […]}}. */
    ObjectNode look() throws FleetException, InterruptedException {
        List<JsonObject> parts =
                fleet.ask(Commands.Action.LIST, Commands.ALL, text -> {}).getJsonArray("items").stream()
                        .map(JsonObject.class::cast)
                        .toList();
        Map<String, Probe> now = new ConcurrentHashMap<>();
        Together.run(
                parts.stream().filter(FleetView::answers).toList(),
                part -> now.put(part.getString("name"), Probe.of(part.getString("statusUrl"))));
        ObjectNode status = Json.MAPPER.createObjectNode();
        ArrayNode processes = Json.MAPPER.createArrayNode();
        String master = "";
        int live = 0;
        int expected = 0;
        for (JsonObject part : parts) {
            ObjectNode process = process(part, now.get(part.getString("name")));
            processes.add(process);
            if (process.path("master").asBoolean()) {
                master = part.getString("name");
            }
            if (part.getString("role").equals(Role.BACKGROUND_WORKER.word())) {
                expected++;
                live += part.getString("state").equals(Part.State.RUNNING.word()) ? 1 : 0;
            }
        }
        status.put("master", master);
        status.putObject("quorum")
                .put("held", 2 * live > expected)
                .put("live", live)
                .put("expected", expected);
        status.set("processes", processes);
        before = now;
        return status;
    }

    /** A paused one would only be waited for. */
    private static boolean answers(JsonObject part) {
        return part.containsKey("statusUrl") && part.getString("state").equals(Part.State.RUNNING.word());
    }

    private ObjectNode process(JsonObject part, Probe probe) {
        String name = part.getString("name");
        String role = part.getString("role");
        String state = part.getString("state");
        ObjectNode process = Json.MAPPER.createObjectNode();
        process.put("name", name)
                .put("role", role)
                .put("pid", part.getLong("pid"))
                .put("state", state);
        if (part.containsKey("statusUrl")) {
            process.put("statusUrl", part.getString("statusUrl"));
            process.put("ready", probe == null ? "no" : probe.ready());
        } else {
            process.put("ready", state.equals(Part.State.RUNNING.word()) ? "yes" : "no");
        }
        if (probe == null) {
            return process;
        }
        Probe earlier = before.getOrDefault(name, probe);
        if (role.equals(Role.GATEWAY.word())) {
            process.put("links", (long) probe.metrics().get("gatehouse_gateway_links"));
            rates(process, probe, earlier, "gatehouse_gateway_chunks_total", "gatehouse_gateway_chunk_bytes_total");
        } else if (role.equals(Role.INGEST_WORKER.word())) {
            rates(
                    process,
                    probe,
                    earlier,
                    "gatehouse_ingest_durable_chunks_total",
                    "gatehouse_ingest_durable_bytes_total");
        } else if (role.equals(Role.BACKGROUND_WORKER.word())) {
            process.put("master", probe.metrics().get("gatehouse_master") > 0);
        }
        return process;
    }

    private static void rates(ObjectNode process, Probe probe, Probe earlier, String chunks, String bytes) {
        process.put("chunksPerSecond", probe.rate(earlier, chunks));
        process.put("bytesPerSecond", (long) probe.rate(earlier, bytes));
    }
}
