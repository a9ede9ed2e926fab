package dev.gatehouse.agent.tunnel;

import java.util.Optional;

/** What may be dialled here, and what becomes of that. Thread-safe. */
public interface Offers {

    /** @param kind of the resource, as {@code postgres} */
    record Target(String host, int port, String kind) {}

    /** Where the resource of that name is now; empty if it is not offered. */
    Optional<Target> find(String resource);

    /** A dial for a user has ended: well, or for the reason given. */
    void dialled(String resource, Optional<String> failure);

    /** A tunnel to it is open; {@link #closed} follows once. */
    void opened(String resource);

    void closed(String resource);
}
