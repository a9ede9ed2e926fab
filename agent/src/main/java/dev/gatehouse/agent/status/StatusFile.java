package dev.gatehouse.agent.status;

import dev.gatehouse.agent.enrol.Identity;
import dev.gatehouse.agent.source.Source;
import dev.gatehouse.agent.spool.Spool;
import dev.gatehouse.agent.uplink.UplinkStatus;
import dev.gatehouse.protocol.message.Resource;
import dev.gatehouse.protocol.message.Resources;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code status.json} in the agent's folder: what a running agent says of itself each second, for {@code agent status} and other programs. */
public final class StatusFile {

    private static final String FILE = "status.json";

    /** An older one is from an agent that is stuck or gone. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    private StatusFile() {}

    /**
     * What there is to say.
     *
     * @param run which start of the agent it is
     */
    public record AgentStatus(
            boolean running,
            Identity identity,
            String version,
            long run,
            UplinkStatus links,
            Spool.State spool,
            List<Source> sources,
            Resources resources) {}

    /** Whole or not at all, but not forced: a second later it is written anew. */
    public static void write(Path folder, AgentStatus status) throws IOException {
        Path fresh = Files.createTempFile(
                folder,
                "status",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(fresh, json(status).encodePrettily());
            Files.move(
                    fresh, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** What the file says; {@code running} is false if nobody has written it lately. */
    public static JsonObject read(Path folder) throws IOException {
        JsonObject status = new JsonObject().put("running", false);
        Path file = folder.resolve(FILE);
        try {
            if (Files.exists(file)) {
                status = new JsonObject(Files.readString(file));
                boolean fresh = Instant.parse(status.getString("time"))
                        .isAfter(Instant.now().minus(FRESH));
                boolean alive = ProcessHandle.of(status.getLong("pid")).isPresent();
                status.put("running", status.getBoolean("running") && alive && fresh);
            }
        } catch (DecodeException | NullPointerException | ClassCastException | java.time.DateTimeException e) {
            throw new IOException(file + " can't be read", e);
        }
        if (!status.getBoolean("running")) {
            status.remove("links");
            status.put("links", new JsonArray());
        }
        return status;
    }

    public static JsonObject identity(Identity identity) {
        return new JsonObject()
                .put("agentId", identity.agentId().toString())
                .put("name", identity.name())
                .put("accessUrl", identity.accessUrl().toString())
                .put(
                        "certificateEnd",
                        identity.certificate().getNotAfter().toInstant().toString());
    }

    private static JsonObject json(AgentStatus agent) {
        UplinkStatus links = agent.links();
        JsonObject json = identity(agent.identity())
                .put("running", agent.running())
                .put("version", agent.version())
                .put("pid", ProcessHandle.current().pid())
                .put("time", Instant.now().toString())
                .put("run", agent.run())
                .put("problem", links.problem())
                .put(
                        "lastAckAt",
                        links.lastAckMillis()
                                .map(millis -> Instant.ofEpochMilli(millis).toString())
                                .orElse(null))
                .put(
                        "links",
                        new JsonArray(
                                links.links().stream().map(StatusFile::link).toList()))
                .put("spool", spool(agent.spool()))
                .put(
                        "resources",
                        new JsonArray(agent.resources().getResourcesList().stream()
                                .map(StatusFile::resource)
                                .toList()));
        return json.put(
                "sources",
                new JsonArray(agent.sources().stream().map(StatusFile::source).toList()));
    }

    private static JsonObject link(UplinkStatus.LinkStatus link) {
        return new JsonObject()
                .put("slot", link.slot())
                .put("state", link.state())
                .put("active", link.active())
                .put("gateway", link.gateway())
                .put("address", link.address())
                .put(
                        "upSince",
                        Optional.of(link.upSinceMillis())
                                .filter(millis -> millis > 0)
                                .map(millis -> Instant.ofEpochMilli(millis).toString())
                                .orElse(null))
                .put("roundTripMicros", link.roundTripMicros())
                .put("detail", link.detail());
    }

    private static JsonObject resource(Resource resource) {
        return new JsonObject()
                .put("name", resource.getName())
                .put("kind", resource.getKind())
                .put("registered", resource.getRegistered())
                .put(
                        "health",
                        switch (resource.getHealth().getHealth()) {
                            case HEALTHY -> "healthy";
                            case UNHEALTHY -> "unhealthy";
                            case HEALTH_UNKNOWN, UNRECOGNIZED -> "unknown";
                        })
                .put("detail", resource.getHealth().getDetail())
                .put("tunnels", resource.getHealth().getTunnels());
    }

    private static JsonObject spool(Spool.State spool) {
        return new JsonObject()
                .put("bytes", spool.bytes())
                .put("chunks", spool.chunks())
                .put("fileBytes", spool.fileBytes())
                .put("maxBytes", spool.maxBytes())
                .put("refusedBytes", spool.refusedBytes())
                .put("refusedRecords", spool.refusedRecords())
                .put("lostChunks", spool.lostChunks())
                .put("problem", spool.problem());
    }

    private static JsonObject source(Source source) {
        return new JsonObject()
                .put("kind", source.kind())
                .put(
                        "positions",
                        new JsonArray(source.positions().stream()
                                .map(at -> new JsonObject()
                                        .put("name", at.name())
                                        .put("position", at.position())
                                        .put("size", at.size()))
                                .toList()));
    }
}
