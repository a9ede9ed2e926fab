package dev.gatehouse.ingest.commit;

import java.util.OptionalInt;
import java.util.UUID;

/**
 * What a commit did to a stream.
 *
 * @param next everything below is durable; -1 if the stream's row is gone
 * @param upto what {@code next} should at least be now; less means that chunks before ours are missing and ours were not stored
 * @param lastCrc of the stored chunk {@code next - 1}; empty if there is none that is whole
 * @param other what is durable is not what was sent under the same numbers: nothing was stored
 */
public record StreamNext(UUID streamId, long next, long upto, OptionalInt lastCrc, boolean other) {

    public boolean hole() {
        return next < upto;
    }
}
