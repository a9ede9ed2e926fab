package dev.gatehouse.agent.spool;

import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/** Reads chunks back from the log files. One that isn't what was written is a gap from then on, never wrong data. Thread-safe; blocks. */
final class ReadBack {

    /** Where a payload lies. */
    record Place(int file, int offset, int length) {}

    private final Spool spool;
    private final SpoolDisk disk;

    ReadBack(Spool spool, SpoolDisk disk) {
        this.spool = spool;
        this.disk = disk;
    }

    /** The payload as it goes over the wire under the alias; empty if it is acknowledged or lost. */
    Optional<Buffer> onWire(UUID id, long sequence, Alias alias) {
        Optional<Buffer> payload = spooled(id, sequence);
        if (payload.isEmpty() || alias.base() == 0) {
            return payload;
        }
        return decoded(id, sequence, payload.get()).map(chunk -> alias.payload(chunk, payload.get()));
    }

    Optional<Chunk> chunk(UUID id, long sequence) {
        return spooled(id, sequence).flatMap(payload -> decoded(id, sequence, payload));
    }

    private Optional<Buffer> spooled(UUID id, long sequence) {
        Optional<Place> place = spool.place(id, sequence);
        if (place.isEmpty()) {
            return Optional.empty();
        }
        try {
            Buffer payload = disk.read(
                    place.get().file(), place.get().offset(), place.get().length());
            if (Chunk.crcMatches(payload) && Chunk.sequence(payload) == sequence) {
                return Optional.of(payload);
            }
            spool.lose(id, sequence, "its CRC does not match");
        } catch (IOException e) {
            if (spool.place(id, sequence).isPresent()) { // otherwise it was acknowledged meanwhile
                spool.lose(id, sequence, e.toString());
            }
        }
        return Optional.empty();
    }

    private Optional<Chunk> decoded(UUID id, long sequence, Buffer payload) {
        try {
            return Optional.of(Chunk.decode(payload));
        } catch (ProtocolException e) {
            spool.lose(id, sequence, e.getMessage());
            return Optional.empty();
        }
    }
}
