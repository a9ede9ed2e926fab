package dev.gatehouse.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientEnvironmentTest {

    private static final String HERE = "127.0.0.1";

    @Test
    void psqlFindsTheAddressAndWhoIsExpectedThere() {
        assertThat(ClientEnvironment.of("postgres", Map.of("user", "demo", "database", "d", "team", "x"), HERE, 7))
                .containsEntry("PGHOST", HERE)
                .containsEntry("PGPORT", "7")
                .containsEntry("PGUSER", "demo")
                .containsEntry("PGDATABASE", "d")
                .containsEntry("GATEHOUSE_PORT", "7")
                .doesNotContainKeys("MYSQL_HOST", "REDIS_URL");
        assertThat(ClientEnvironment.of("postgres", Map.of(), HERE, 7)).doesNotContainKeys("PGUSER", "PGDATABASE");
    }

    @Test
    void onlyTheUserIsTheUsersOwnChoice() {
        assertThat(ClientEnvironment.isPerson("PGUSER")).isTrue();
        assertThat(ClientEnvironment.isPerson("PGPORT")).isFalse();
    }

    @Test
    void otherKindsHaveTheirOwn() {
        assertThat(ClientEnvironment.of("redis", Map.of("user", "demo"), HERE, 7))
                .containsEntry("REDIS_URL", "redis://127.0.0.1:7")
                .doesNotContainKeys("PGHOST", "PGUSER");
        assertThat(ClientEnvironment.of("", Map.of(), HERE, 7)).containsKeys("PGHOST", "MYSQL_HOST");
    }
}
