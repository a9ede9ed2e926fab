package dev.gatehouse.agent.resource;

import dev.gatehouse.protocol.message.Registered;
import dev.gatehouse.protocol.message.SignedResource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The registered resources as gateways tell them: each link's list comes in parts and counts once it is complete; of several links' lists the one of the highest version counts. While no link is up the last one stays, as
 * resources do not go away with a gateway.
 *
 * <p>Pure; confined to whoever holds it.
 */
final class Registrations {

    /** Entries of one list. */
    static final int MAX = 1024;

    private record Listed(long version, List<SignedResource> resources) {}

    private final Map<Integer, List<SignedResource>> coming = new HashMap<>();
    private final Map<Integer, Listed> complete = new HashMap<>();
    private List<SignedResource> current = List.of();

    /** @return whether {@link #current} may have changed */
    boolean received(int slot, Registered part) {
        if (part.getFirst()) {
            coming.put(slot, new ArrayList<>());
        }
        List<SignedResource> list = coming.get(slot);
        if (list == null) {
            return false; // its beginning was on a link before
        }
        part.getResourcesList().stream().limit(MAX - list.size()).forEach(list::add);
        if (!part.getLast()) {
            return false;
        }
        coming.remove(slot);
        complete.put(slot, new Listed(part.getVersion(), List.copyOf(list)));
        return choose();
    }

    /** The link has gone. */
    boolean left(int slot) {
        coming.remove(slot);
        return complete.remove(slot) != null && choose();
    }

    List<SignedResource> current() {
        return current;
    }

    private boolean choose() {
        return complete.values().stream()
                .reduce((one, other) -> Long.compareUnsigned(one.version(), other.version()) >= 0 ? one : other)
                .map(newest -> {
                    boolean changed = !newest.resources().equals(current);
                    current = newest.resources();
                    return changed;
                })
                .orElse(false);
    }
}
