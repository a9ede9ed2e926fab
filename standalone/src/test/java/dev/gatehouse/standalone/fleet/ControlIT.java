package dev.gatehouse.standalone.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.standalone.fleet.Commands.Action;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlIT {

    @TempDir
    Path home;

    private Path told;
    private ControlServer server;

    @BeforeEach
    void name() {
        told = home.resolve("fleet.json");
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void carriesTheRequestWhatIsSaidAndTheAnswer() throws Exception {
        server = ControlServer.open(told, (request, say) -> {
            say.accept("working");
            return new JsonObject().put("echo", request.getString("do") + " " + request.getString("name"));
        });
        List<String> said = new ArrayList<>();
        JsonObject answer = ControlClient.of(home).ask(Action.KILL, "gateway-1", said::add);
        assertThat(answer.getString("echo")).isEqualTo("kill gateway-1");
        assertThat(said).containsExactly("working");
        Path socket = Path.of(new JsonObject(Files.readString(told)).getString("socket"));
        assertThat(Files.getPosixFilePermissions(socket.getParent()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        server.close();
        assertThat(told).doesNotExist();
        assertThat(socket.getParent()).doesNotExist();
        assertNobodyAnswers();
    }

    @Test
    void carriesAFailureWithItsStatus() throws Exception {
        server = ControlServer.open(told, (request, say) -> {
            throw new FleetException(1, "no such process");
        });
        assertThatThrownBy(() -> ControlClient.of(home).ask(Action.START, "x", text -> {}))
                .isInstanceOfSatisfying(
                        FleetException.class, e -> assertThat(e.exitStatus()).isEqualTo(1))
                .hasMessage("no such process");
    }

    @Test
    void aFileOfAKilledFleetIsReplaced() throws Exception {
        Path gone = home.resolve("gone/control");
        Files.writeString(
                told,
                new JsonObject().put("pid", 1).put("socket", gone.toString()).encode());
        assertNobodyAnswers();
        server = ControlServer.open(told, (request, say) -> new JsonObject());
        assertThat(ControlClient.of(home).ask(Action.LIST, "", text -> {})).isEmpty();
    }

    private void assertNobodyAnswers() {
        assertThatThrownBy(() -> ControlClient.of(home).ask(Action.LIST, "", text -> {}))
                .isInstanceOfSatisfying(
                        FleetException.class, e -> assertThat(e.exitStatus()).isEqualTo(FleetException.NOT_REACHABLE));
    }
}
