package dev.gatehouse.bench.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.bench.load.LoadLink.Acknowledged;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StoredStreamTest {

    private static final UUID ID = new UUID(0, 7);

    private final StoredStream stream = new StoredStream(new Acknowledged(ID, 3, 60));

    @Test
    void whatWasAcknowledgedAndNothingElseIsAllThereMustBe() {
        chunks(0, 1, 2);
        assertThat(stream.isOpen()).isFalse();
        assertThat(stream.problem()).isEmpty();
    }

    @Test
    void aMissingLastChunkIsAProblem() {
        chunks(0, 1);
        assertThat(stream.isOpen()).isTrue();
        assertThat(stream.problem())
                .isEqualTo("stream " + ID + ": 2 chunks of 40 bytes are stored; 3 of 60 bytes are acknowledged");
    }

    @Test
    void aGapIsAProblem() {
        chunks(0, 2);
        assertThat(stream.isOpen()).isFalse();
        assertThat(stream.problem()).contains("chunk 2 is stored where 1 is next");
    }

    @Test
    void aChunkThatIsThereTwiceIsAProblem() {
        chunks(0, 0);
        assertThat(stream.problem()).contains("chunk 0 is stored where 1 is next");
    }

    @Test
    void anotherLengthIsAProblem() {
        chunks(0, 1);
        stream.chunk(2, 19);
        assertThat(stream.problem()).contains("3 chunks of 59 bytes are stored; 3 of 60 bytes");
    }

    private void chunks(long... sequences) {
        for (long sequence : sequences) {
            stream.chunk(sequence, 20);
        }
    }
}
