package dev.gatehouse.agent.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.LinkError;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of docs/protocol.md §8, row by row: how long an agent stays away. */
class ComebackTest {

    private final Comeback comeback = new Comeback(new Random(1));

    @ParameterizedTest
    @CsvSource({
        "INTERNAL, 0, 0, 200",
        "INTERNAL, 5000, 5000, 6450",
        "BAD_FRAME, 0, 60000, 75200",
        "BAD_MESSAGE, 0, 60000, 75200",
        "BAD_ORDER, 0, 60000, 75200",
        "WINDOW_EXCEEDED, 90000, 90000, 112700",
        "NOT_ENROLLED, 1000, 120000, 150200",
        "CERTIFICATE_EXPIRED, 0, 0, 200",
        "REVOKED, 0, 120000, 150200",
        "REVOKED, 600000, 600000, 750200",
        "STALE_RUN, 0, 0, 200",
        "DUPLICATE_IDENTITY, 0, 60000, 75200",
        "SUPERSEDED, 0, 0, 200",
        "OVERLOADED, 7000, 7000, 8950",
        "OVERLOADED, 0, 0, 200",
        "SILENT, 0, 0, 200"
    })
    void everywhere(ErrorCode code, int said, long least, long most) {
        Comeback.Pause pause = hear(code, said);
        assertThat(pause.dial()).isBetween(Duration.ofMillis(least), Duration.ofMillis(most));
        assertThat(pause.gateway()).isZero();
    }

    @Test
    void aGatewayThatLeavesIsLeftAloneWhileOthersAreDialled() {
        Comeback.Pause draining = hear(ErrorCode.DRAINING, 30_000);
        assertThat(draining.dial()).isLessThanOrEqualTo(Redial.FIRST);
        assertThat(draining.gateway()).isBetween(Duration.ofSeconds(30), Duration.ofMillis(37_700));
        Comeback.Pause gone = comeback.ended(Redial.HELD, Optional.empty(), Duration.ofSeconds(8));
        assertThat(gone.dial()).isLessThanOrEqualTo(Redial.FIRST);
        assertThat(gone.gateway()).isBetween(Duration.ofSeconds(8), Duration.ofMillis(10_200));
    }

    @Test
    void aBalancerThatLeadsToTheSameGatewayFiveTimesIsLeftForAMinute() {
        for (int i = 1; i < Comeback.AVOIDED_TRIES; i++) {
            assertThat(hear(ErrorCode.AVOIDED, 0).dial()).isLessThan(Duration.ofSeconds(10));
        }
        assertThat(hear(ErrorCode.AVOIDED, 0).dial()).isGreaterThanOrEqualTo(Comeback.AVOIDED);
        assertThat(hear(ErrorCode.AVOIDED, 0).dial()).isLessThan(Comeback.AVOIDED);
    }

    @Test
    void anEndWithoutAWordIsLikeInternal() {
        assertThat(comeback.ended(Duration.ZERO, Optional.empty(), Duration.ZERO)
                        .dial())
                .isLessThanOrEqualTo(Redial.FIRST);
        for (int i = 0; i < 20; i++) {
            assertThat(comeback.ended(Duration.ZERO, Optional.empty(), Duration.ZERO)
                            .dial())
                    .isLessThanOrEqualTo(Redial.LONGEST);
        }
    }

    private Comeback.Pause hear(ErrorCode code, int retryMillis) {
        LinkError error =
                LinkError.newBuilder().setCode(code).setRetryMillis(retryMillis).build();
        return comeback.ended(Duration.ZERO, Optional.of(error), Duration.ZERO);
    }
}
