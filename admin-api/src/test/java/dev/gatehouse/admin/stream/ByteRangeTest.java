package dev.gatehouse.admin.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ByteRangeTest {

    @Test
    void readsOneRange() throws Exception {
        assertThat(ByteRange.of("bytes=0-9", 100)).contains(new ByteRange(0, 10));
        assertThat(ByteRange.of(" bytes = 5 - ", 100)).contains(new ByteRange(5, 100));
        assertThat(ByteRange.of("bytes=-7", 100)).contains(new ByteRange(93, 100));
        assertThat(ByteRange.of("bytes=90-200", 100)).contains(new ByteRange(90, 100));
        assertThat(new ByteRange(93, 100).header(100)).isEqualTo("bytes 93-99/100");
    }

    @Test
    void ignoresWhatItDoesNotUnderstand() throws Exception {
        for (String header : new String[] {
            null, "", "bytes=", "bytes=-", "bytes=9-5", "bytes=0-1,2-3", "rows=1-2", "bytes=99999999999999999999-"
        }) {
            assertThat(ByteRange.of(header, 100)).as(header).isEmpty();
        }
    }

    @Test
    void refusesWhatIsNotThere() {
        for (String header : new String[] {"bytes=100-", "bytes=100-200", "bytes=-0"}) {
            assertThatThrownBy(() -> ByteRange.of(header, 100)).as(header).isInstanceOf(ByteRange.NotSatisfiable.class);
        }
        assertThatThrownBy(() -> ByteRange.of("bytes=0-", 0)).isInstanceOf(ByteRange.NotSatisfiable.class);
    }
}
