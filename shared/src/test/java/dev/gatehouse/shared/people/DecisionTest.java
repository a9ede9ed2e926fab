package dev.gatehouse.shared.people;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class DecisionTest {

    private static final Set<String> NONE = Set.of();
    private static final Set<String> AUDITOR = Set.of("auditor");
    private static final Set<String> ADMINISTRATOR = Set.of("administrator");

    @Test
    void administratorsMayAllAuditorsMayRead() {
        assertThat(Decision.of(ADMINISTRATOR, Permission.READ).allowed()).isTrue();
        assertThat(Decision.of(ADMINISTRATOR, Permission.WRITE).allowed()).isTrue();
        assertThat(Decision.of(AUDITOR, Permission.READ).allowed()).isTrue();
        assertThat(Decision.of(AUDITOR, Permission.WRITE))
                .isEqualTo(new Decision(false, "needs the role administrator"));
        assertThat(Decision.of(NONE, Permission.READ))
                .isEqualTo(new Decision(false, "needs the role administrator or auditor"));
    }

    @Test
    void rolesAreKnownByTheirWords() {
        for (PersonRole role : PersonRole.values()) {
            assertThat(PersonRole.of(role.word())).hasValue(role);
        }
        assertThat(PersonRole.of("root")).isEmpty();
        assertThat(Decision.of(Set.of("of-a-newer-release"), Permission.READ).allowed())
                .isFalse();
    }
}
