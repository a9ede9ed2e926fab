package dev.gatehouse.standalone.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.standalone.home.Ports;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShapeTest {

    @Test
    void namesItsProcessesByRoleAndNumber() {
        assertThat(shape(2).all(new Ports(0)).stream().map(Shape.Replica::name))
                .containsExactly("gateway-1", "gateway-2", "ingest-worker-1", "background-worker-1", "admin-api-1");
    }

    @Test
    void firstStartsAloneTheOthersInWaves() {
        assertThat(Shape.waves(List.of(1, 2, 3, 4, 5, 6), 3))
                .containsExactly(List.of(1), List.of(2, 3, 4), List.of(5, 6));
        assertThat(Shape.waves(List.of(1), 3)).containsExactly(List.of(1));
    }

    @Test
    void refusesNoneAndTooMany() {
        assertThatThrownBy(() -> shape(0)).hasMessage("--gateways 0; 1 to 20 are allowed");
        assertThatThrownBy(() -> shape(21)).hasMessage("--gateways 21; 1 to 20 are allowed");
    }

    private static Shape shape(int gateways) {
        return new Shape(
                Map.of(Role.GATEWAY, gateways, Role.INGEST_WORKER, 1, Role.BACKGROUND_WORKER, 1, Role.ADMIN_API, 1),
                Shape.Store.FOLDER);
    }
}
