package dev.gatehouse.gateway.choice;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AffinityTest {

    private static final UUID AGENT = UUID.randomUUID();
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    private final Affinity affinity = new Affinity(Buffer.buffer(new byte[32]));

    @Test
    void anyGatewayWithTheKeyKnowsItAgain() {
        String token = affinity.token("db", AGENT, NOW);
        assertThat(new Affinity(Buffer.buffer(new byte[32])).agent("db", token, NOW))
                .contains(AGENT);
        assertThat(affinity.agent("db", token, NOW.plus(Duration.ofDays(1)))).contains(AGENT);
    }

    @Test
    void aTokenOfAnotherKeyResourceOrDayIsNone() {
        String token = affinity.token("db", AGENT, NOW);
        assertThat(new Affinity(Buffer.buffer(new byte[] {1})).agent("db", token, NOW))
                .isEmpty();
        assertThat(affinity.agent("other", token, NOW)).isEmpty();
        assertThat(affinity.agent("db", token, NOW.plus(Duration.ofDays(1)).plusSeconds(1)))
                .isEmpty();
    }

    @Test
    void whateverIsChangedMakesItNone() {
        byte[] token = Base64.getUrlDecoder().decode(affinity.token("db", AGENT, NOW));
        for (int i = 0; i < token.length; i++) {
            byte[] other = token.clone();
            other[i] ^= 1;
            String changed = Base64.getUrlEncoder().withoutPadding().encodeToString(other);
            assertThat(affinity.agent("db", changed, NOW)).isEmpty();
        }
        for (String nonsense : List.of("", "!", "AAAA", "A".repeat(10_000))) {
            assertThat(affinity.agent("db", nonsense, NOW)).isEmpty();
        }
    }
}
