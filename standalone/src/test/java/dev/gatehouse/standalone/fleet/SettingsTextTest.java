package dev.gatehouse.standalone.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.node.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTextTest {

    @TempDir
    Path folder;

    @Test
    void isReadAsItWasMeant() throws Exception {
        Path file = folder.resolve("run/settings.yaml");
        SettingsText.write(
                file,
                Map.of(
                        "node.name", "gateway-1",
                        "cluster.members", "127.0.0.1:5701,127.0.0.1:5702",
                        "endpoints.agent.bindingAddress", "127.0.0.1:10000",
                        "endpoints.agent.serverAddress", "localhost:10000",
                        "endpoints.access.bindingAddress", "127.0.0.1:9443",
                        "postgres.password", "a: \"b' #"));
        Settings settings = Settings.load(Optional.of(file), Map.of(), Map.of());
        assertThat(settings.node().name()).contains("gateway-1");
        assertThat(settings.cluster().members()).hasSize(2);
        assertThat(settings.endpoints().agent().advertised()).hasToString("localhost:10000");
        assertThat(settings.endpoints().access().bindingAddress()).hasToString("127.0.0.1:9443");
        assertThat(settings.postgres().password().orElseThrow().value()).isEqualTo("a: \"b' #");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
}
