package dev.gatehouse.standalone.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.embedded.JavaProcess;
import dev.gatehouse.standalone.fleet.Part.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A part over a real process that lives until its folder says how to end. */
class PartIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private Part part;

    @BeforeEach
    void make() throws IOException {
        Path program = Files.writeString(folder.resolve("program.sh"), """
                [ -e "$1/end" ] && exit "$(cat "$1/end")"
                echo up > "$1/up"
                while [ ! -e "$1/end" ]; do sleep 0.05; done
                exit "$(cat "$1/end")"
                """);
        part = new Part(
                "one",
                "test",
                "",
                JavaProcess.of(new JavaProcess.Program(
                        "one",
                        folder,
                        0,
                        () -> List.of("sh", program.toString(), folder.toString()),
                        program.toString(),
                        () -> Files.exists(folder.resolve("up")),
                        Duration.ofSeconds(5),
                        true)),
                said::add);
    }

    @AfterEach
    void end() {
        part.stop();
    }

    @Test
    void whatDiesByItselfIsDueAgainOnceAfterAPause() throws Exception {
        part.start();
        assertThat(part.state()).isEqualTo(State.RUNNING);
        Files.writeString(folder.resolve("end"), "3");
        awaitState(State.DEAD);
        assertThat(said).containsExactly("one has died (status 3); starting it again in 1 s");
        long later = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        assertThat(part.isDue(later)).isTrue();
        assertThat(part.isDue(later)).isFalse();
        Files.delete(folder.resolve("end"));
        part.start();
        assertThat(part.state()).isEqualTo(State.RUNNING);
    }

    @Test
    void whatLeavesInOrderStaysDown() throws Exception {
        part.start();
        Files.writeString(folder.resolve("end"), "0");
        awaitState(State.STOPPED);
        assertThat(said).containsExactly("one has left; `fleet start one` starts it again");
        assertThat(part.isDue(Long.MAX_VALUE)).isFalse();
    }

    /** The kernel says that it has ended a moment before its status is known: then it was taken for dead, and a drained node was started again. */
    @RepeatedTest(10)
    void whatIsSeenAtTheMomentOfItsEndHasLeftInOrder() throws Exception {
        part.start();
        Files.writeString(folder.resolve("end"), "0");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (part.state() == State.RUNNING && System.nanoTime() - deadline < 0) {
            part.isDue(System.nanoTime());
        }
        assertThat(said).containsExactly("one has left; `fleet start one` starts it again");
        assertThat(part.state()).isEqualTo(State.STOPPED);
    }

    @Test
    void whatIsKilledByCommandStaysDown() throws Exception {
        part.start();
        part.pause();
        assertThatThrownBy(part::start).hasMessage("cannot start one: it is paused");
        part.kill();
        assertThat(part.isDue(System.nanoTime())).isFalse();
        assertThat(part.state()).isEqualTo(State.STOPPED);
        assertThat(part.running().pid()).isZero();
        assertThatThrownBy(part::kill).hasMessage("cannot kill one: it is stopped");
        assertThat(said).isEmpty();
    }

    @Test
    void whatDoesNotStartIsTriedAgain() throws Exception {
        Files.writeString(folder.resolve("end"), "1");
        assertThatThrownBy(part::start).hasMessageContaining("one has not started");
        assertThat(part.isDue(System.nanoTime() + Duration.ofSeconds(1).toNanos()))
                .isTrue();
    }

    private void awaitState(State state) {
        await().atMost(PATIENCE).until(() -> {
            part.isDue(System.nanoTime());
            return part.state() == state;
        });
    }
}
