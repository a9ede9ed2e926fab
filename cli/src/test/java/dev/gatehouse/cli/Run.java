package dev.gatehouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.cli.output.Shell;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/** One command run in this process, and what it has said. */
record Run(int status, String out, String err) {

    static Run of(Path config, String... arguments) {
        return of(
                Map.of("GATEHOUSE_CONFIG_DIR", config.toString(), "GATEHOUSE_PASSWORD", FakeAdmin.PASSWORD), arguments);
    }

    static Run of(Map<String, String> environment, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Shell shell = new Shell(
                environment,
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        int status = CliMain.run(shell, arguments);
        return new Run(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Signs in to the server. */
    static Run login(Path config, FakeAdmin admin, String... more) {
        String[] arguments = {"login", "--url", admin.url(), "--user", FakeAdmin.USER};
        String[] all =
                Stream.concat(Arrays.stream(arguments), Arrays.stream(more)).toArray(String[]::new);
        return of(config, all);
    }

    JsonNode json() {
        try {
            return new ObjectMapper().readTree(out);
        } catch (IOException notJson) {
            throw new UncheckedIOException(out, notJson);
        }
    }
}
