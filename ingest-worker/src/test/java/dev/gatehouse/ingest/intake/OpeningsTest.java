package dev.gatehouse.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.ingest.commit.StreamRows;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.shared.bus.ChunkBatch;
import dev.gatehouse.shared.bus.StreamOpening;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OpeningsTest {

    private static final UUID AGENT = new UUID(2, 2);
    private static final ChunkBatch.Sender SENDER = new ChunkBatch.Sender("gateway-1", 0, 1);

    private final List<String> asked = new ArrayList<>();
    private final Map<UUID, String> answers = new HashMap<>();
    private final Intake intake = new Intake(new Intake.Limits(10_000, 100), null);
    private final Openings openings = new Openings(intake, new Output(), () -> 0);

    @Test
    void oneRequestForAllThatHaveComeMeanwhile() {
        open(1, 0);
        open(2, 0);
        open(3, 0);
        assertThat(asked).containsExactly("register 1");
        openings.registered(rows(0, 1));
        assertThat(asked).containsExactly("register 1", "register 2 3");
        openings.registered(rows(7, 2, 3));
        assertThat(answers).containsEntry(id(1), "OPEN_FOR_CHUNKS 0").containsEntry(id(3), "OPEN_FOR_CHUNKS 7");
    }

    @Test
    void whatTheAgentHasLostBecomesAGapOnce() {
        open(1, 5);
        openings.registered(rows(3, 1));
        assertThat(asked).containsExactly("register 1", "skip 1");
        openings.skipped();
        openings.registered(rows(5, 1));
        assertThat(asked).containsExactly("register 1", "skip 1", "register 1");
        assertThat(answers).containsEntry(id(1), "OPEN_FOR_CHUNKS 5");
    }

    @Test
    void whatIsRefusedTogetherIsAskedOneByOneAndAnsweredAlone() {
        open(9, 0);
        open(1, 0);
        open(2, 0);
        open(3, 0);
        openings.registered(rows(0, 9));
        openings.refused("bad");
        openings.registered(rows(0, 1));
        openings.refused("bad");
        openings.registered(rows(0, 3));
        assertThat(asked).containsExactly("register 9", "register 1 2 3", "register 1", "register 2", "register 3");
        assertThat(answers)
                .containsEntry(id(1), "OPEN_FOR_CHUNKS 0")
                .containsEntry(id(2), "REFUSED 0")
                .containsEntry(id(3), "OPEN_FOR_CHUNKS 0");
        open(4, 0);
        open(5, 0);
        open(6, 0);
        openings.registered(rows(0, 4));
        assertThat(asked).as("and together again").last().isEqualTo("register 5 6");
    }

    @Test
    void aDatabaseThatIsAwayAndAWorkerThatLeavesSaySo() {
        open(1, 0);
        openings.failed("away");
        assertThat(answers).containsEntry(id(1), "later");
        open(2, 0);
        intake.leave();
        openings.registered(rows(0, 2));
        assertThat(answers).containsEntry(id(2), "moved");
        open(3, 0);
        assertThat(answers).containsEntry(id(3), "moved");
    }

    private void open(long stream, long first) {
        openings.add(
                new StreamOpening(SENDER, AGENT, Buffer.buffer()),
                StreamOpen.newBuilder().setFirst(first).build(),
                id(stream),
                new Answered(id(stream), answers));
    }

    private static UUID id(long stream) {
        return new UUID(0, stream);
    }

    private static Map<UUID, StreamRows.Registered> rows(long next, long... streams) {
        Map<UUID, StreamRows.Registered> rows = new HashMap<>();
        for (long stream : streams) {
            rows.put(id(stream), new StreamRows.Registered(id(stream), AGENT, false, next, OptionalInt.empty(), false));
        }
        return rows;
    }

    private final class Output implements OpeningOutput {

        @Override
        public void register(List<StreamRows.Registration> streams) {
            StringBuilder text = new StringBuilder("register");
            streams.forEach(stream -> text.append(' ').append(stream.id().getLeastSignificantBits()));
            asked.add(text.toString());
        }

        @Override
        public void skip(Map<UUID, Long> firsts) {
            StringBuilder text = new StringBuilder("skip");
            firsts.keySet().forEach(stream -> text.append(' ').append(stream.getLeastSignificantBits()));
            asked.add(text.toString());
        }
    }

    private record Answered(UUID stream, Map<UUID, String> answers) implements Openings.Answer {

        @Override
        public void opened(StreamOpened opened) {
            answers.put(stream, opened.getState() + " " + opened.getNext());
        }

        @Override
        public void later(String why) {
            answers.put(stream, "later");
        }

        @Override
        public void moved() {
            answers.put(stream, "moved");
        }
    }
}
