package dev.gatehouse.agent.uplink;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Where a slot dials: the addresses given at enrolment, gateways that WELCOME has listed with an address of their own, and HTTPS when none of those can be reached.
 *
 * <p>Pure; confined to its slot.
 */
public final class Targets {

    /**
     * Something to dial.
     *
     * @param address HOST:PORT; empty for the access endpoint over WebSocket
     */
    public record Target(String address, boolean webSocket) {}

    /** Dials that can't connect, one after the other, before HTTPS is tried. */
    private static final int BEFORE_WEB_SOCKET = 2;

    private final List<String> given;
    private final boolean webSocket;
    private final Map<String, String> listed = new TreeMap<>(); // gateway id to address
    private final RandomGenerator random;
    private int unreachable;
    private List<String> round = new ArrayList<>();

    public Targets(List<String> given, boolean webSocket, RandomGenerator random) {
        this.given = given;
        this.webSocket = webSocket;
        this.random = random;
    }

    /** What WELCOME has said. */
    public void listed(Map<String, String> gateways) {
        listed.clear();
        listed.putAll(gateways);
        round.clear();
    }

    /** The next to dial; gateway {@code avoid} has a link to the other slot already. */
    public Target next(Optional<String> avoid) {
        if (webSocket && (given.isEmpty() || unreachable >= BEFORE_WEB_SOCKET) && unreachable % 2 == 0) {
            return new Target("", true);
        }
        if (round.isEmpty()) {
            round = shuffled(avoid);
        }
        return new Target(round.removeFirst(), false);
    }

    /** The last target could not be connected to. */
    public void unreachable() {
        unreachable++;
    }

    public void reached() {
        unreachable = 0;
    }

    /** Gateways known, other than {@code avoid}. */
    public int others(String avoid) {
        return (int) listed.keySet().stream().filter(id -> !id.equals(avoid)).count();
    }

    private List<String> shuffled(Optional<String> avoid) {
        List<String> direct = new ArrayList<>();
        listed.forEach((id, address) -> {
            if (!address.isEmpty() && !avoid.filter(id::equals).isPresent()) {
                direct.add(address);
            }
        });
        List<String> balanced = new ArrayList<>(given);
        Collections.shuffle(direct, java.util.Random.from(random));
        Collections.shuffle(balanced, java.util.Random.from(random));
        Set<String> all = new LinkedHashSet<>(avoid.isPresent() ? direct : balanced);
        all.addAll(avoid.isPresent() ? balanced : direct);
        return new ArrayList<>(all);
    }
}
