package dev.gatehouse.gateway.choice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearNamesTest {

    private static final List<String> KNOWN = List.of("demo-echo", "demo-postgres", "demo-web", "orders");

    @Test
    void findsWhatMayHaveBeenMeant() {
        assertThat(NearNames.of("demo-postgers", KNOWN)).containsExactly("demo-postgres");
        assertThat(NearNames.of("Orders", KNOWN)).containsExactly("orders");
        assertThat(NearNames.of("demo", KNOWN)).containsExactly("demo-echo", "demo-postgres", "demo-web");
        assertThat(NearNames.of("wholly-different", KNOWN)).isEmpty();
        assertThat(NearNames.of("x", KNOWN)).isEmpty();
    }
}
