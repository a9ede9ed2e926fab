package dev.gatehouse.standalone.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.shared.cluster.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortsTest {

    @Test
    void firstReplicasHaveTheUsualPorts() {
        assertThat(new Ports(0).of(Role.GATEWAY, 1))
                .isEqualTo(new Ports.OfNode(10_000, 9_443, 10_001, 8_443, 42_001, 5_701, 5_801));
        assertThat(new Ports(500).of(Role.ADMIN_API, 1).admin()).isEqualTo(8_943);
        assertThat(new Ports(0).ofUp()).isEqualTo(new Ports(0).of(Role.GATEWAY, 1));
    }

    /** Of each endpoint only those are bound that belong to the role. */
    @Test
    void noTwoProcessesOfTheLargestFleetShareAPort() {
        Ports ports = new Ports(Ports.MAX_OFFSET);
        List<Integer> bound = new ArrayList<>(List.of(ports.postgres(), ports.redis(), ports.s3()));
        for (Role role : Role.values()) {
            for (int number = 1; number <= Ports.MAX_REPLICAS; number++) {
                Ports.OfNode own = ports.of(role, number);
                bound.addAll(List.of(own.status(), own.cluster(), own.bus()));
                switch (role) {
                    case GATEWAY -> bound.addAll(List.of(own.agent(), own.access(), own.peer()));
                    case ADMIN_API -> bound.add(own.admin());
                    default -> {}
                }
            }
        }
        assertThat(bound).doesNotHaveDuplicates().allMatch(port -> port > 1023 && port < 65_536);
    }

    @Test
    void boundsAreSaid() {
        assertThatThrownBy(() -> new Ports(20_001)).hasMessage("--port-offset 20001; 0 to 20000 are allowed");
        assertThatThrownBy(() -> new Ports(0).of(Role.GATEWAY, 21)).hasMessage("replica 21; 1 to 20 are allowed");
    }
}
