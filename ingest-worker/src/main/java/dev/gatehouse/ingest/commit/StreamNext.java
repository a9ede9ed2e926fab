package dev.gatehouse.ingest.commit;

import java.util.OptionalInt;
import java.util.UUID;

/**
 * What a commit did to a stream.
 *
 * @param next everything below is durable; -1 if the stream's row is gone
 * @param upto what {@code next} should at least be now; less means that chunks before ours are missing and ours were not stored
 * @param lastCrc of the stored chunk {@code next - 1}; empty if there is none that is whole
 */
public record StreamNext(UUID streamId, long next, long upto, OptionalInt lastCrc) {

    public boolean hole() {
        return next < upto;
    }
}
