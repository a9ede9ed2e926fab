package dev.gatehouse.ingest.commit;

import java.util.UUID;

/**
 * What a commit did to a stream.
 *
 * @param next everything below is durable; -1 if the stream's row is gone
 * @param upto what {@code next} should at least be now; less means that chunks before ours are missing and ours were not stored
 */
public record StreamNext(UUID streamId, long next, long upto) {

    public boolean hole() {
        return next < upto;
    }
}
