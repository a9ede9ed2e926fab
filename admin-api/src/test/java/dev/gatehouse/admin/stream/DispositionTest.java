package dev.gatehouse.admin.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.record.StreamRecord;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DispositionTest {

    @Test
    void keepsTheLastStepOfAPathAndNothingThatHarms() {
        assertThat(name("a/b/report.pdf")).isEqualTo("report.pdf");
        assertThat(name("a\\b\\report.pdf")).isEqualTo("report.pdf");
        assertThat(name("evil\r\nSet-Cookie: x")).isEqualTo("evil__Set-Cookie_ x");
        assertThat(name("gpj.\u202eexe")).isEqualTo("gpj._exe");
        assertThat(name("../..")).isEqualTo("file-00000000-0000-0000-0000-000000000001.bin");
        assertThat(name("")).isEqualTo("file-00000000-0000-0000-0000-000000000001.bin");
        assertThat(name("x".repeat(400) + ".txt")).hasSize(150).endsWith("x.txt");
    }

    @Test
    void quotesWhatAHeaderCannotHold() {
        assertThat(Disposition.of(stream("ä\"b%.txt", "")))
                .isEqualTo("attachment; filename=\"__b_.txt\"; filename*=UTF-8''%C3%A4%22b%25.txt");
    }

    @Test
    void believesOnlyWellFormedMediaTypes() {
        assertThat(Disposition.mediaType(stream("a", "image/png"))).isEqualTo("image/png");
        assertThat(Disposition.mediaType(stream("a", "text/html\r\nX: y"))).isEqualTo("application/octet-stream");
        assertThat(Disposition.mediaType(stream("a", ""))).isEqualTo("application/octet-stream");
    }

    private static String name(String path) {
        return Disposition.fileName(stream(path, ""));
    }

    private static StreamRecord stream(String name, String mediaType) {
        Instant now = Instant.EPOCH;
        return new StreamRecord(
                new UUID(0, 1),
                new UUID(0, 2),
                Optional.empty(),
                "file",
                "",
                mediaType,
                name,
                now,
                now,
                Optional.empty(),
                0,
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty());
    }
}
