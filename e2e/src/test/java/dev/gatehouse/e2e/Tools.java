package dev.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the machine that a test uses. */
public final class Tools {

    private static final long LIMIT_SECONDS = 180;

    private Tools() {}

    /** Skips the test where one is missing; with {@code CI=true} that fails. */
    public static void need(String... programs) {
        for (String program : programs) {
            boolean there = List.of(System.getenv("PATH").split(":")).stream()
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
            if ("true".equals(System.getenv("CI"))) {
                assertThat(there).as(program + " on the PATH").isTrue();
            }
            assumeTrue(there, program + " is not installed");
        }
    }

    /** Runs a program to its end, which must be a good one, and says what it has printed. */
    public static String run(Path folder, String... command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "tool", ".out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(List.of(command) + " did not end: " + Files.readString(out));
        }
        String printed = Files.readString(out);
        assertThat(process.exitValue()).as("%s: %s", List.of(command), printed).isZero();
        return printed;
    }
}
