package dev.gatehouse.shared.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.settings.HostPort;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrimaryChoiceTest {

    private static final HostPort A = new HostPort("a", 5432);
    private static final HostPort B = new HostPort("b", 5432);
    private static final long SYSTEM = 7_000_000_000_000_000_001L;

    private final PrimaryChoice choice = new PrimaryChoice();

    @Test
    void theWritableOne() {
        assertThat(choice.choose(of(standby(1), primary(1)))).hasValue(B);
        assertThat(choice.choose(of(primary(1), standby(1)))).hasValue(A);
        assertThat(choice.choose(of(standby(1), standby(1)))).isEmpty();
        assertThat(choice.choose(Map.of())).isEmpty();
    }

    @Test
    void anOldPrimaryIsKnownBesideTheNewOne() {
        assertThat(choice.choose(of(primary(1), primary(2)))).hasValue(B);
    }

    @Test
    void anOldPrimaryIsKnownByWhatWasSeenBefore() {
        choice.choose(of(primary(1), standby(1)));
        choice.choose(Map.of(B, primary(2)));
        // WHEN the new primary does not answer and the old one is back
        assertThat(choice.choose(Map.of(A, primary(1)))).isEmpty();
        assertThat(choice.refusal(primary(1)))
                .hasValueSatisfying(
                        text -> assertThat(text).startsWith("is an old primary: on timeline 1, and 2 was seen"));
        // THEN it is used again once it has followed and was promoted
        assertThat(choice.choose(of(primary(3), primary(2)))).hasValue(A);
    }

    @Test
    void anOldPrimaryIsKnownByAStandbyThatFollowsTheNewOne() {
        assertThat(choice.choose(of(primary(1), standby(2)))).isEmpty();
    }

    @Test
    void anotherClusterCountsOnlyWhenNothingIsLeftOfTheKnownOne() {
        HostAnswer other = new HostAnswer(true, SYSTEM + 1, 1);
        choice.choose(of(primary(5), standby(5)));
        assertThat(choice.choose(of(other, primary(5)))).hasValue(B);
        assertThat(choice.choose(of(other, standby(5)))).isEmpty();
        // WHEN it was replaced, by an upgrade or from a dump
        assertThat(choice.choose(Map.of(A, other))).hasValue(A);
        // THEN its timelines begin anew
        assertThat(choice.choose(of(primary(5), other))).hasValue(B);
    }

    @Test
    void aDatabaseThatDoesNotTellIsTaken() {
        HostAnswer untold = new HostAnswer(true, 0, 0);
        assertThat(choice.choose(of(new HostAnswer(false, 0, 0), untold))).hasValue(B);
        choice.choose(of(primary(4), standby(4)));
        assertThat(choice.choose(Map.of(A, untold))).hasValue(A);
    }

    private static HostAnswer primary(long timeline) {
        return new HostAnswer(true, SYSTEM, timeline);
    }

    private static HostAnswer standby(long timeline) {
        return new HostAnswer(false, SYSTEM, timeline);
    }

    private static Map<HostPort, HostAnswer> of(HostAnswer a, HostAnswer b) {
        Map<HostPort, HostAnswer> answers = new LinkedHashMap<>();
        answers.put(A, a);
        answers.put(B, b);
        return answers;
    }
}
