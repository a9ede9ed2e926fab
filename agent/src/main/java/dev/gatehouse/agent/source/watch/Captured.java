package dev.gatehouse.agent.source.watch;

import dev.gatehouse.agent.spool.Checkpoint;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * How far a file is captured: the checkpoint of the watch source, one for each path.
 *
 * @param offset bytes of its content that are in the spool
 * @param done whether it is whole there, with its end
 */
record Captured(FileState state, UUID stream, long offset, boolean done) {

    static final String PREFIX = "watch:";

    static String key(Path path) {
        return PREFIX + path;
    }

    static Path path(String key) {
        return Path.of(key.substring(PREFIX.length()));
    }

    Checkpoint checkpoint(Path path) {
        return new Checkpoint(
                key(path),
                new JsonObject()
                        .put("inode", state.inode())
                        .put("size", state.size())
                        .put("modified", state.modified())
                        .put("stream", stream.toString())
                        .put("offset", offset)
                        .put("done", done)
                        .toBuffer());
    }

    static Checkpoint forget(Path path) {
        return new Checkpoint(key(path), Buffer.buffer());
    }

    static Optional<Captured> read(Buffer value) {
        try {
            JsonObject json = value.toJsonObject();
            return Optional.of(new Captured(
                    new FileState(json.getLong("inode"), json.getLong("size"), json.getLong("modified"), true),
                    UUID.fromString(json.getString("stream")),
                    json.getLong("offset"),
                    json.getBoolean("done")));
        } catch (DecodeException | ClassCastException | NullPointerException | IllegalArgumentException e) {
            return Optional.empty(); // from another version: the file is captured again
        }
    }
}
