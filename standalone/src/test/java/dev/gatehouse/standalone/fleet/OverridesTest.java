package dev.gatehouse.standalone.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OverridesTest {

    private static final List<String> NAMES = List.of("gateway-1", "gateway-2");

    @Test
    void countForAllOrForOneTheLaterWins() {
        Overrides overrides = Overrides.parse(
                List.of("node.drainSpread=1s", "gateway-1:node.drainSpread=2s", "postgres.hosts=127.0.0.1:1,[::1]:2"),
                NAMES);
        Map<String, String> first = new HashMap<>(Map.of("node.drainSpread", "500ms", "node.name", "gateway-1"));
        overrides.apply("gateway-1", first);
        assertThat(first)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "node.drainSpread", "2s",
                        "node.name", "gateway-1",
                        "postgres.hosts", "127.0.0.1:1,[::1]:2"));
        Map<String, String> second = new HashMap<>();
        overrides.apply("gateway-2", second);
        assertThat(second).containsEntry("node.drainSpread", "1s");
    }

    @Test
    void refusesWhatNamesNoSettingAndNobody() {
        assertThatThrownBy(() -> Overrides.parse(List.of("node.drainSpread"), NAMES))
                .hasMessage("--set node.drainSpread; [NAME:]KEY=VALUE is allowed");
        assertThatThrownBy(() -> Overrides.parse(List.of("gateway-3:node.name=x"), NAMES))
                .hasMessage("--set gateway-3:node.name=x: no service 'gateway-3'; there are: gateway-1, gateway-2");
    }
}
