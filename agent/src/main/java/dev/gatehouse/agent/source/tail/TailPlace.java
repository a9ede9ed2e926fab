package dev.gatehouse.agent.source.tail;

import dev.gatehouse.agent.source.Place;
import dev.gatehouse.agent.spool.Checkpoint;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A followed file, recognised again after a restart by its number in the file system and by how it begins: numbers are used again, and files are cut off and filled anew.
 *
 * @param file number in the file system
 * @param headLength bytes that {@code headCrc} is over
 */
record TailPlace(Path path, String file, int headLength, int headCrc) implements Place {

    private static final String PREFIX = "tail:";

    /** Where all checkpoints of a path begin. */
    static String prefix(Path path) {
        return PREFIX + path + "#";
    }

    static String key(Path path, String file) {
        return prefix(path) + file;
    }

    /** What a checkpoint says. */
    record Saved(String file, long offset, int headLength, int headCrc) {}

    @Override
    public Checkpoint at(long position) {
        return new Checkpoint(
                key(path, file),
                new JsonObject()
                        .put("offset", position)
                        .put("headLength", headLength)
                        .put("headCrc", headCrc)
                        .toBuffer());
    }

    Checkpoint gone() {
        return new Checkpoint(key(path, file), Buffer.buffer());
    }

    static Optional<Saved> read(String key, Buffer value) {
        try {
            JsonObject json = value.toJsonObject();
            return Optional.of(new Saved(
                    key.substring(key.lastIndexOf('#') + 1),
                    json.getLong("offset"),
                    json.getInteger("headLength"),
                    json.getInteger("headCrc")));
        } catch (DecodeException | ClassCastException | NullPointerException e) {
            return Optional.empty(); // from another version: the file is read from its start
        }
    }
}
