package dev.gatehouse.agent.uplink;

import java.time.Duration;
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
    private final LeftAlone leftAlone;
    private List<String> round = new ArrayList<>();

    Targets(List<String> given, boolean webSocket, LeftAlone leftAlone, RandomGenerator random) {
        this.given = given;
        this.webSocket = webSocket;
        this.leftAlone = leftAlone;
        this.random = random;
    }

    /** What WELCOME has said. */
    public void listed(Map<String, String> gateways) {
        listed.clear();
        listed.putAll(gateways);
        round.clear();
    }

    /** The next to dial; gateway {@code avoid} has a link to the other slot already. One that was left is only taken if there is no other. */
    public Target next(Optional<String> avoid, long now) {
        boolean blocked = unreachable >= BEFORE_WEB_SOCKET && unreachable % 2 == 0 && !isLeft("", now);
        if (webSocket && (given.isEmpty() || blocked)) {
            return new Target("", true);
        }
        round.removeIf(address -> isLeft(address, now));
        if (round.isEmpty()) {
            round = shuffled(avoid);
            if (round.stream().anyMatch(address -> !isLeft(address, now))) {
                round.removeIf(address -> isLeft(address, now));
            }
        }
        return new Target(round.removeFirst(), false);
    }

    /** A gateway asks to be left alone until then. Behind an address that also leads to others it is the balancer that keeps it out. */
    public void leave(Target target, String gateway, long until, long now) {
        boolean balanced = !listed.containsValue(target.address()) && others(gateway) > 0;
        if (!balanced) {
            leftAlone.leave(target.address(), until, now);
        }
    }

    /** How long there is nothing to dial, as all that there is has been left. */
    public Duration free(Optional<String> avoid, long now) {
        List<String> all = given.isEmpty() ? List.of("") : shuffled(avoid);
        return all.stream()
                .map(address -> leftAlone.left(address, now))
                .min(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private boolean isLeft(String address, long now) {
        return !leftAlone.left(address, now).isZero();
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
