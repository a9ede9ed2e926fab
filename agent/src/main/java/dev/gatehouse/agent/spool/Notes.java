package dev.gatehouse.agent.spool;

import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** The checkpoints that hold, and which log file says so last. Pure; guarded by the spool's lock. */
final class Notes {

    private record Noted(Buffer value, int file) {}

    private final Map<String, Noted> noted = new LinkedHashMap<>();
    private long bytes;

    /** A log file says so. */
    void note(Checkpoint checkpoint, int file) {
        if (checkpoint.value().length() == 0) {
            // a tombstone may go with its file: files go from the oldest, so what it buries is gone by then
            bytes -= bytes(checkpoint.key(), noted.remove(checkpoint.key()));
        } else {
            Noted now = new Noted(checkpoint.value(), file);
            bytes -= bytes(checkpoint.key(), noted.put(checkpoint.key(), now));
            bytes += bytes(checkpoint.key(), now);
        }
    }

    /**
     * Says again what only files up to this one say.
     *
     * @param append returns the file that says it from now on
     */
    void sayAgain(int upTo, ToIntFunction<Checkpoint> append) {
        for (Map.Entry<String, Noted> entry : noted.entrySet()) {
            if (entry.getValue().file() <= upTo) {
                Buffer value = entry.getValue().value();
                entry.setValue(new Noted(value, append.applyAsInt(new Checkpoint(entry.getKey(), value))));
            }
        }
    }

    /** What saying all of it again takes. */
    long bytes() {
        return bytes;
    }

    Optional<Buffer> value(String key) {
        return Optional.ofNullable(noted.get(key)).map(Noted::value);
    }

    Map<String, Buffer> values(String prefix) {
        Map<String, Buffer> found = new LinkedHashMap<>();
        noted.forEach((key, at) -> {
            if (key.startsWith(prefix)) {
                found.put(key, at.value());
            }
        });
        return found;
    }

    private static long bytes(String key, Noted noted) {
        return noted == null
                ? 0
                : RecordCodec.HEADER_BYTES + key.length() + noted.value().length();
    }
}
