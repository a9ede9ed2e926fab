package dev.gatehouse.gateway.catalog;

import static dev.gatehouse.gateway.catalog.Entries.agent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.protocol.message.Health;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gateways whose messages are lost, repeated and overtake each other, and that die and come back under other names: once it is quiet, all know the same. Each schedule follows from its seed. */
class CatalogSimulationTest {

    private static final int AGENTS = 12;
    private static final int STEPS = 4000;
    private static final long STEP = Duration.ofMillis(20).toNanos();

    private record UnderWay(String to, CatalogMessage message) {}

    private final Map<String, Catalog> gateways = new TreeMap<>();
    private final List<UnderWay> underWay = new ArrayList<>();
    private final Map<UUID, Set<String>> linked = new TreeMap<>(); // agent to gateways
    private final Map<UUID, Long> runs = new TreeMap<>();
    private long now = Long.MAX_VALUE - Duration.ofSeconds(10).toNanos();
    private int started;
    private int lost;
    private Random random;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void convergesAfterAnySchedule(long seed) {
        random = new Random(seed);
        for (int i = 0; i < 3; i++) {
            startGateway();
        }
        for (int i = 0; i < STEPS; i++) {
            now += STEP;
            switch (random.nextInt(20)) {
                case 0, 1, 2 -> linkOrChange();
                case 3 -> unlink();
                case 4, 5, 6, 7 -> tell();
                case 8 -> digests();
                case 9 -> {
                    if (random.nextInt(40) == 0) {
                        killGateway();
                    }
                }
                default -> deliver(random.nextInt(10) < 3);
            }
        }
        quiet();
        assertThat(lost).isPositive();
        gateways.forEach(
                (id, catalog) -> assertThat(view(catalog)).as("view of %s", id).isEqualTo(truth()));
    }

    /** Nothing changes and nothing is lost any more. */
    private void quiet() {
        for (int i = 0; i < 6; i++) {
            now += Duration.ofSeconds(1).toNanos();
            tell();
            digests();
            while (!underWay.isEmpty()) {
                deliver(false);
            }
            gateways.values().forEach(catalog -> catalog.tick(now));
        }
    }

    private void startGateway() {
        String id = "g" + ++started;
        gateways.put(id, new Catalog(id, CatalogCodecs::size));
        members();
    }

    private void killGateway() {
        String dead = pick(List.copyOf(gateways.keySet()));
        gateways.remove(dead);
        underWay.removeIf(each -> each.to().equals(dead)); // what it has said goes on its way
        linked.values().forEach(of -> of.remove(dead));
        startGateway();
    }

    private void members() {
        gateways.values().forEach(catalog -> catalog.members(new HashSet<>(gateways.keySet()), now));
    }

    private void linkOrChange() {
        UUID id = agent(random.nextInt(AGENTS));
        Set<String> of = linked.computeIfAbsent(id, first -> new HashSet<>());
        if (of.size() < 2) {
            of.add(pick(List.copyOf(gateways.keySet())));
        }
        if (random.nextInt(5) == 0) {
            runs.merge(id, 1L, Long::sum);
        }
        AgentEntry offer = offer(id);
        of.forEach(gateway -> gateways.get(gateway).offered(offer, now));
    }

    /** What it offers follows from its run, so that the truth is known. */
    private AgentEntry offer(UUID id) {
        long run = runs.computeIfAbsent(id, first -> 1L);
        Health health = Health.forNumber((int) (run % 3));
        return new AgentEntry(
                id, "agent", run, 1, List.of(Entries.resource("all", health), Entries.resource("r" + run % 4, health)));
    }

    private void unlink() {
        UUID id = agent(random.nextInt(AGENTS));
        Set<String> of = linked.getOrDefault(id, Set.of());
        if (!of.isEmpty()) {
            String gateway = pick(List.copyOf(of));
            of.remove(gateway);
            gateways.get(gateway).gone(id, runs.get(id), 1, now);
        }
    }

    private void tell() {
        gateways.forEach((id, catalog) -> catalog.own().delta().ifPresent(delta -> publish(id, delta)));
    }

    private void digests() {
        gateways.forEach((id, catalog) -> publish(id, catalog.own().digest()));
    }

    private void publish(String from, CatalogMessage message) {
        gateways.keySet().stream()
                .filter(to -> !to.equals(from))
                .forEach(to -> underWay.add(new UnderWay(to, message)));
    }

    /** Any message may be the next; it may be lost, or stay under way to come again. */
    private void deliver(boolean badly) {
        if (underWay.isEmpty()) {
            return;
        }
        int chosen = random.nextInt(underWay.size());
        UnderWay next = underWay.get(chosen);
        if (!badly || random.nextBoolean()) {
            underWay.remove(chosen);
        }
        if (badly && random.nextBoolean()) {
            lost++;
            return;
        }
        Catalog catalog = gateways.get(next.to());
        if (catalog != null && catalog.heard(next.message(), now)) {
            snapshot(next.to(), next.message().owner());
        }
    }

    private void snapshot(String to, String owner) {
        Catalog asked = gateways.get(owner);
        if (asked != null) {
            underWay.add(new UnderWay(to, asked.own().page(Optional.empty())));
        }
    }

    private Map<String, Set<String>> view(Catalog catalog) {
        Map<String, Set<String>> view = new TreeMap<>();
        for (String name : catalog.names()) {
            catalog.replicas(name)
                    .forEach(replica -> view.computeIfAbsent(name, first -> new HashSet<>())
                            .add(replica.agentId() + " " + replica.health() + " " + new HashSet<>(replica.gateways())));
        }
        return view;
    }

    private Map<String, Set<String>> truth() {
        Map<String, Set<String>> truth = new TreeMap<>();
        linked.forEach((id, of) -> {
            if (!of.isEmpty()) {
                offer(id)
                        .resources()
                        .forEach(resource -> truth.computeIfAbsent(resource.getName(), first -> new HashSet<>())
                                .add(id + " " + resource.getHealth().getHealth() + " " + of));
            }
        });
        return truth;
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    @org.junit.jupiter.api.Test
    void entriesSurviveTheirEncoding() {
        Versioned there = new Versioned(agent(7), 9, Optional.of(offer(agent(7))));
        Versioned gone = new Versioned(agent(7), 10, Optional.empty());
        assertThat(CatalogCodecs.entry(CatalogCodecs.entry(there))).isEqualTo(there);
        assertThat(CatalogCodecs.entry(CatalogCodecs.entry(gone))).isEqualTo(gone);
        Buffer bytes = CatalogCodecs.entry(there);
        assertThat(bytes.length())
                .isLessThanOrEqualTo(CatalogCodecs.size(there.entry().orElseThrow()));
        for (int length = 1; length < bytes.length(); length++) {
            Buffer cut = bytes.getBuffer(0, length);
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> CatalogCodecs.entry(cut))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
