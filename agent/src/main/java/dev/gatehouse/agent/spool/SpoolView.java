package dev.gatehouse.agent.spool;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/** What sending needs to know of a spool. */
public interface SpoolView {

    /** Streams with chunks that can be sent, other than those left out, in the order in which they were opened; at most {@code max} of files and {@code max} of others. */
    List<StreamView> unsent(Predicate<UUID> leftOut, int max);

    Optional<StreamView> stream(UUID id);

    /** Lengths of payloads from number {@code from} on that can be sent, up to the first that is lost, at most {@code max} of them. */
    int[] lengths(UUID id, long from, int max);
}
