package dev.gatehouse.gateway.catalog;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What gateways tell each other of their lists. */
sealed interface CatalogMessage {

    /** Of entries in one message, as encoded; one entry has at most 60 KiB and some. */
    int MAX_BYTES = 256 * 1024;

    /** Of entries in one message. */
    int MAX_ENTRIES = 2000;

    /** Whose list it is about. */
    String owner();

    /**
     * What has changed.
     *
     * @param previous version of the list before; a follower that has not heard of it has missed something
     * @param version of the list now
     */
    record Delta(String owner, long previous, long version, List<Versioned> changes) implements CatalogMessage {}

    /**
     * What a follower that has heard everything knows.
     *
     * @param hash sum of {@link Versioned#hash()}
     */
    record Digest(String owner, long version, int count, long hash) implements CatalogMessage {}

    /** A request for the part of a list that comes after this agent, or its beginning. */
    record Ask(String owner, Optional<UUID> after) implements CatalogMessage {}

    /**
     * A part of a list.
     *
     * @param until the last agent that it speaks of; empty: it reaches the list's end
     */
    record Page(String owner, long version, Optional<UUID> after, Optional<UUID> until, List<Versioned> entries)
            implements CatalogMessage {}
}
