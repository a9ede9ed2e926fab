package dev.gatehouse.shared.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SettingsCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine line =
            new CommandLine(new SettingsCommand()).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    @Test
    void tellsEveryKeyWithItsDefaultAndEnvironmentName() {
        assertThat(line.execute("--defaults")).isZero();
        assertThat(out.toString())
                .containsPattern("postgres.poolSize +16 +GATEHOUSE_POSTGRES_POOLSIZE")
                .containsPattern("endpoints.agent.serverAddress +- +GATEHOUSE_ENDPOINTS_AGENT_SERVERADDRESS");
    }

    @Test
    void tellsWhatHoldsWithAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("g.yaml"), "postgres: {poolSize: 5, password: s3cret}");
        assertThat(line.execute("--effective", "--config", file.toString(), "-o", "json"))
                .isZero();
        assertThat(new JsonArray(out.toString()).stream().map(Object::toString))
                .anyMatch(row -> row.contains("\"postgres.poolSize\"") && row.contains("\"value\":\"5\""))
                .anyMatch(row -> row.contains("\"postgres.password\"") && row.contains("******"));
        assertThat(out.toString()).doesNotContain("s3cret");
    }

    @Test
    void refusesWithStatus3(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("g.yaml"), "postgers: {poolSize: 5}");
        assertThat(line.execute("--effective", "--config", file.toString())).isEqualTo(3);
        assertThat(err.toString())
                .contains("1. postgers.poolSize: unknown key (g.yaml); did you mean postgres.poolSize?");
    }

    @Test
    void defaultsAndEffectiveExcludeEachOther() {
        assertThat(line.execute("--defaults", "--effective")).isEqualTo(2);
    }
}
