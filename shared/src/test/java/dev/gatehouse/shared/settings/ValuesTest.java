package dev.gatehouse.shared.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The types of settings: what is read, what is refused, what is written. */
class ValuesTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "64KiB, 65536", "64 KiB, 65536", "16MiB, 16777216", "2GiB, 2147483648", "5B, 5"})
    void sizes(String text, long bytes) {
        assertThat(MemorySize.parse(text)).isEqualTo(new MemorySize(bytes));
    }

    @Test
    void sizesAreWrittenInTheirLargestWholeUnit() {
        assertThat(List.of("0", "1000", "1KiB", "1025", "1536KiB", "1TiB"))
                .allSatisfy(text -> assertThat(MemorySize.parse(text)).hasToString(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5MiB", "1MB", "99999999999999999999", "1025TiB", "KiB"})
    void wrongSizes(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemorySize.parse(text))
                .withMessage(MemorySize.ALLOWED);
    }

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "5s, PT5S", "10m, PT10M", "12h, PT12H", "7d, PT168H", "90 s, PT1M30S"})
    void times(String text, Duration time) {
        assertThat(Times.parse(text)).isEqualTo(time);
    }

    @Test
    void timesAreWrittenInTheirLargestWholeUnit() {
        assertThat(List.of("1ms", "1500ms", "90s", "2m", "36h", "7d"))
                .allSatisfy(text -> assertThat(Times.format(Times.parse(text))).isEqualTo(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0s", "5", "-1s", "1.5s", "5 seconds", "36501d", "9999999999999d", "PT5S"})
    void wrongTimes(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Times.parse(text)).withMessage(Times.ALLOWED);
    }

    @Test
    void addresses() {
        assertThat(HostPort.parse("gateway-1.internal:65535")).isEqualTo(new HostPort("gateway-1.internal", 65_535));
        assertThat(HostPort.parse("[fe80::1]:0"))
                .isEqualTo(new HostPort("fe80::1", 0))
                .hasToString("[fe80::1]:0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", ":1", "host:", "host:65536", "host:-1", "fe80::1:1", "a b:1", "[]:1", "h:1x"})
    void wrongAddresses(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostPort.parse(text))
                .withMessage(HostPort.ALLOWED);
    }

    @Test
    void didYouMeanFindsTheNearWordOnly() {
        List<String> known = List.of("postgres.poolSize", "redis.poolSize", "capture.uploads");
        assertThat(DidYouMean.nearest("postgres.poolsize", known)).hasValue("postgres.poolSize");
        assertThat(DidYouMean.nearest("capture.upload", known)).hasValue("capture.uploads");
        assertThat(DidYouMean.nearest("mail.host", known)).isEmpty();
        assertThat(DidYouMean.distance("kitten", "sitting")).isEqualTo(3);
    }
}
