package dev.gatehouse.shared.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerKindTest {

    @Test
    void isReadFromInfo() {
        assertThat(ServerKind.of("# Server\r\nredis_mode:standalone\r\n# Replication\r\nrole:master\r\n"))
                .isEqualTo(ServerKind.MASTER);
        assertThat(ServerKind.of("role:slave\r\nmaster_host:10.0.0.1\r\n")).isEqualTo(ServerKind.REPLICA);
        assertThat(ServerKind.of("loading:1\r\nrole:master\r\n")).isEqualTo(ServerKind.LOADING);
        assertThat(ServerKind.of("role:master\r\n# Cluster\r\ncluster_enabled:1\r\n"))
                .isEqualTo(ServerKind.CLUSTER);
        assertThat(ServerKind.of("redis_mode:sentinel\r\n# Sentinel\r\nsentinel_masters:1\r\n"))
                .isEqualTo(ServerKind.SENTINEL);
        assertThat(ServerKind.of("")).isEqualTo(ServerKind.MASTER);
    }

    @Test
    void onlyWhatNeverChangesIsWrong() {
        assertThat(ServerKind.values())
                .filteredOn(ServerKind::isWrong)
                .containsExactly(ServerKind.CLUSTER, ServerKind.SENTINEL);
    }
}
