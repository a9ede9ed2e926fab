package dev.gatehouse.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.session.SessionReport;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UserLimitsTest {

    private final UserLimits limits = new UserLimits(5, 2);

    @Test
    void tunnelsCountHereAndElsewhere() {
        assertThat(limits.refusal(id(1), List.of(session(1, 2)), List.of(session(1, 2))))
                .isEmpty();
        assertThat(limits.refusal(id(1), List.of(session(1, 2)), List.of(session(1, 3))))
                .hasValue("5 tunnels of this user are open; at most 5 are allowed (access.tunnelsPerUser)");
    }

    @Test
    void aSessionAtTwoGatewaysIsOneAndMayGoOn() {
        List<SessionReport> two = List.of(session(1, 0), session(2, 0));
        assertThat(limits.refusal(id(2), two, two)).isEmpty();
        assertThat(limits.refusal(id(3), List.of(), List.of(session(1, 0)))).isEmpty();
        assertThat(limits.refusal(id(3), List.of(session(2, 0)), List.of(session(1, 0))))
                .hasValue("2 sessions of this user are active; at most 2 are allowed (access.sessionsPerUser)");
    }

    private static UUID id(int number) {
        return new UUID(0, number);
    }

    private static SessionReport session(int number, int tunnels) {
        return new SessionReport(id(number), "g@1", "ann", "db", "", Instant.EPOCH, 0, 0, tunnels);
    }
}
