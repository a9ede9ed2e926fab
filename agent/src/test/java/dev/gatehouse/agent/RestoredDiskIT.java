package dev.gatehouse.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.stream.Chunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An agent's folder is replaced by an older copy of itself, while the deployment has more. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class RestoredDiskIT {

    @TempDir
    private Path temp;

    private AgentRig rig;
    private Path copy;

    @BeforeEach
    void make() throws IOException {
        rig = new AgentRig(temp);
        copy = temp.resolve("copy");
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void whatIsWrittenAfterwardsIsStoredThoughItsNumbersWereUsedBefore() throws Exception {
        Path ledger = temp.resolve("ledger");
        // GIVEN a copy from when ten lines were stored
        Agent agent = rig.start(Optional.of(ledger));
        rig.writeLines(0, 10);
        rig.awaitLines(10);
        await().atMost(AgentRig.PATIENCE).until(() -> agent.spool().chunks() == 0);
        rig.stop();
        AgentRig.replace(copy, rig.folder);
        // AND some chunks more since
        rig.start(Optional.of(ledger));
        for (int i = 1; i <= 3; i++) {
            rig.writeLines(i * 10, 10);
            rig.awaitLines(10 + i * 10);
        }
        rig.stop();
        // WHEN the copy is put back, and much more is written than was since, while nothing gets through at first
        AgentRig.replace(rig.folder, copy);
        rig.gateway.refusesAll = Optional.of(LinkError.newBuilder()
                .setCode(ErrorCode.OVERLOADED)
                .setRetryMillis(200)
                .build());
        Agent restored = rig.start(Optional.of(ledger));
        for (int i = 0; i < 8; i++) {
            long chunks = restored.spool().chunks();
            rig.writeLines(1000 + i * 10, 10);
            await().atMost(AgentRig.PATIENCE).until(() -> restored.spool().chunks() > chunks);
        }
        rig.gateway.refusesAll = Optional.empty();
        // THEN all lines of both times are stored; those that the copy did not know of a second time
        await().atMost(AgentRig.PATIENCE).until(() -> restored.spool().chunks() == 0);
        assertThat(rig.deployment.lines()).containsAll(lines(0, 40)).containsAll(lines(1000, 80));
        assertThat(rig.deployment.streams("log")).hasSize(2);
        assertThat(AgentRig.ledger(ledger)).containsExactlyInAnyOrderElementsOf(rig.storedChunks());
    }

    @Test
    void aFileInTheMiddleIsStoredWholeOnce() throws Exception {
        // GIVEN a copy from when two chunks of a file were stored, and not all of it was in the spool
        byte[] content = AgentRig.random(9_000_000, 7);
        rig.spoolBytes = 4 << 20;
        rig.gateway.holdWindow = true;
        rig.gateway.window = 128 << 10;
        Agent agent = rig.start();
        Files.write(rig.watched.resolve("big.zip"), content);
        await().atMost(AgentRig.PATIENCE)
                .until(() -> rig.deployment.streams("big.zip").stream().anyMatch(stream -> stream.next() == 2)
                        && agent.spool().fileBytes() >= rig.spoolBytes);
        rig.stop();
        AgentRig.replace(copy, rig.folder);
        // AND more since, by chunks that the copy makes anew
        rig.gateway.window = 6 << 20;
        rig.start();
        await().atMost(AgentRig.PATIENCE)
                .until(() -> rig.deployment.stream("big.zip").next() > (5 << 20) / Chunk.MAX_BYTES);
        rig.stop();
        // WHEN the copy is put back
        AgentRig.replace(rig.folder, copy);
        rig.gateway.holdWindow = false;
        Agent restored = rig.start();
        // THEN the file is stored whole, once
        await().atMost(AgentRig.PATIENCE).until(() -> whole("big.zip", content) > 0);
        await().atMost(AgentRig.PATIENCE).until(() -> restored.spool().chunks() == 0);
        assertThat(whole("big.zip", content)).isEqualTo(1);
        assertThat(rig.deployment.streams("big.zip")).hasSize(3); // begun, a part, and whole
    }

    private long whole(String name, byte[] content) {
        return rig.deployment.streams(name).stream()
                .filter(stream -> stream.isWhole(AgentRig.sha256(content)) && Arrays.equals(stream.content(), content))
                .count();
    }

    private static List<String> lines(int from, int count) {
        return IntStream.range(from, from + count).mapToObj(i -> "line " + i).toList();
    }
}
