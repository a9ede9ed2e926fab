package dev.gatehouse.standalone.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.standalone.fleet.Commands.Action;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlIT {

    @TempDir
    Path home;

    @Test
    void carriesTheRequestWhatIsSaidAndTheAnswer() throws Exception {
        Path told = home.resolve("fleet.json");
        List<String> said = new ArrayList<>();
        try (ControlServer server = ControlServer.open(told, (request, say) -> {
            say.accept("working");
            return new JsonObject().put("echo", request.getString("do") + " " + request.getString("name"));
        })) {
            JsonObject answer = ControlClient.of(home).ask(Action.KILL, "gateway-1", said::add);
            assertThat(answer.getString("echo")).isEqualTo("kill gateway-1");
            assertThat(said).containsExactly("working");
            Path socket = Path.of(new JsonObject(Files.readString(told)).getString("socket"));
            assertThat(Files.getPosixFilePermissions(socket.getParent()))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        }
        assertThat(told).doesNotExist();
        assertThat(failure(home).exitStatus()).isEqualTo(FleetException.NOT_REACHABLE);
    }

    @Test
    void carriesAFailureWithItsStatus() throws Exception {
        try (ControlServer server = ControlServer.open(home.resolve("fleet.json"), (request, say) -> {
            throw new FleetException(1, "no such process");
        })) {
            assertThatThrownBy(() -> ControlClient.of(home).ask(Action.START, "x", text -> {}))
                    .isInstanceOf(FleetException.class)
                    .hasMessage("no such process");
        }
    }

    @Test
    void aFileOfAKilledFleetIsReplaced() throws Exception {
        Path told = home.resolve("fleet.json");
        Files.writeString(
                told,
                new JsonObject()
                        .put("pid", 1)
                        .put("socket", home.resolve("gone/control").toString())
                        .encode());
        assertThat(failure(home).exitStatus()).isEqualTo(FleetException.NOT_REACHABLE);
        try (ControlServer server = ControlServer.open(told, (request, say) -> new JsonObject())) {
            assertThat(ControlClient.of(home).ask(Action.LIST, "", text -> {})).isEmpty();
        }
    }

    private static FleetException failure(Path home) {
        try {
            ControlClient.of(home).ask(Action.LIST, "", text -> {});
            throw new AssertionError("somebody answers");
        } catch (FleetException e) {
            return e;
        }
    }
}
