package dev.gatehouse.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WorkerChoiceTest {

    private final Random random = new Random(1);

    @Test
    void spreadsAgentsEvenly() {
        Map<String, Integer> agents = new HashMap<>();
        for (int i = 0; i < 30_000; i++) {
            agents.merge(
                    WorkerChoice.pick(agent(), List.of("a-1", "a-2", "a-3")).orElseThrow(), 1, Integer::sum);
        }
        assertThat(agents.values()).allSatisfy(count -> assertThat(count).isBetween(9_500, 10_500));
    }

    @Test
    void aDepartureMovesOnlyItsOwnAgents() {
        for (int i = 0; i < 1_000; i++) {
            UUID agent = agent();
            String before =
                    WorkerChoice.pick(agent, List.of("a-1", "a-2", "a-3")).orElseThrow();
            String after = WorkerChoice.pick(agent, List.of("a-3", "a-1")).orElseThrow();
            assertThat(before.equals("a-2") || before.equals(after)).isTrue();
        }
    }

    @Test
    void withoutWorkersThereIsNoChoice() {
        assertThat(WorkerChoice.pick(agent(), List.of())).isEmpty();
    }

    private UUID agent() {
        return new UUID(random.nextLong(), random.nextLong());
    }
}
