package dev.gatehouse.e2e.nemesis;

import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.standalone.home.Ports;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The ways of a local fleet that lead over relays: from agents to each gateway, from services to PostgreSQL, Redis and the S3 server. Thread-safe. */
public final class Ways implements AutoCloseable {

    /** Where the first relay listens, before the offset: next to the fleet's own ports, and not where outgoing connections get theirs. */
    private static final int FIRST_PORT = 17_500;

    private final Ports ports;
    private final Map<String, Relay> relays = new LinkedHashMap<>();
    private final List<String> settings = new ArrayList<>();

    /** All whole. Nothing needs to run yet. */
    public Ways(Ports ports, int gateways) {
        this.ports = ports;
        for (int number = 1; number <= gateways; number++) {
            String gateway = Role.GATEWAY.word() + "-" + number;
            int port = add("agents-" + gateway, ports.of(Role.GATEWAY, number).agent());
            settings.add(gateway + ":endpoints.agent.serverAddress=localhost:" + port);
        }
        settings.add("postgres.hosts=127.0.0.1:" + add("services-postgres", ports.postgres()));
        settings.add("redis.address=127.0.0.1:" + add("services-redis", ports.redis()));
        settings.add("store.url=http://127.0.0.1:" + add("services-s3", ports.s3()));
    }

    private int add(String name, int target) {
        Relay relay = new Relay(name, FIRST_PORT + ports.offset() + relays.size(), target);
        relays.put(name, relay);
        return relay.port();
    }

    /** For {@code fleet up}: lets everybody go these ways. */
    public List<String> options() {
        return settings.stream().flatMap(each -> List.of("--set", each).stream()).toList();
    }

    List<String> names() {
        return List.copyOf(relays.keySet());
    }

    Relay named(String name) {
        return relays.get(name);
    }

    void heal() {
        relays.values().forEach(Relay::heal);
    }

    @Override
    public void close() throws IOException {
        for (Relay relay : relays.values()) {
            relay.close();
        }
    }
}
