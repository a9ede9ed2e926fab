package dev.gatehouse.gateway.catalog;

import dev.gatehouse.protocol.message.Health;
import dev.gatehouse.protocol.message.Resource;
import dev.gatehouse.protocol.message.ResourceHealth;
import java.util.Arrays;
import java.util.UUID;

/** Entries for tests. */
public final class Entries {

    private Entries() {}

    public static UUID agent(int number) {
        return new UUID(0, number);
    }

    public static AgentEntry entry(int agent, long run, long counter, String... names) {
        return new AgentEntry(
                agent(agent),
                "agent-" + agent,
                run,
                counter,
                Arrays.stream(names).map(name -> resource(name, Health.HEALTHY)).toList());
    }

    public static Resource resource(String name, Health health) {
        return Resource.newBuilder()
                .setName(name)
                .setKind("tcp")
                .setWeight(1)
                .setHealth(ResourceHealth.newBuilder().setHealth(health))
                .build();
    }
}
