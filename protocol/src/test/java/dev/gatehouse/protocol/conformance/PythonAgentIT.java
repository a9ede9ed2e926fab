package dev.gatehouse.protocol.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.protocol.identity.Pin;
import dev.gatehouse.protocol.transport.LinkSettings;
import dev.gatehouse.protocol.transport.TestGateway;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent that was written from docs/protocol.md alone, against this module's gateway side. */
class PythonAgentIT {

    private static final int CHUNKS = 1000;

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final TestGateway servers = new TestGateway(vertx, LinkSettings.DEFAULT, link -> this.gateway.accept(link));
    private final SmallGateway gateway = new SmallGateway(servers);

    @BeforeEach
    void listen() {
        boolean there = Path.of("/usr/bin/python3").toFile().canExecute()
                && Path.of("/usr/bin/openssl").toFile().canExecute();
        if (System.getenv("CI") == null) {
            assumeTrue(there, "python3 and openssl are needed");
        }
        servers.http(gateway::http).listen();
    }

    @AfterEach
    void close() {
        TestGateway.await(vertx.close());
    }

    @Test
    void enrolsStreamsIsCutOffAndGoesOn() throws Exception {
        // GIVEN an agent that enrols with the right pin
        Path home = folder.resolve("agent");
        String pin = Pin.of(servers.nodes.certificate()).toString();
        assertThat(agent("enrol", "--url", servers.url(), "--token", "good", "--ca-pin", pin, "--dir", home))
                .contains("enrolled");
        // WHEN it streams, is cut off after 400 chunks, and rewound once by the gateway
        Path ledger = folder.resolve("ledger");
        String said = agent(
                "stream", "--dir", home, "--chunks", CHUNKS, "--cut-after", 400, "--ledger", ledger, "--timeout", 60);
        // THEN each chunk was stored once, and its ledger names the same bytes
        assertThat(said).contains("cut off after 400 chunks").contains("over 2 links, 1 rewinds");
        assertThat(gateway.stored).hasSize(CHUNKS);
        assertThat(gateway.hellos.values()).singleElement().satisfies(hello -> {
            assertThat(hello.getRun()).isEqualTo(1);
            assertThat(hello.getCounter()).isEqualTo(2);
            assertThat(hello.getLabelsMap()).containsEntry("site", "here");
        });
        List<String> lines = Files.readAllLines(ledger);
        assertThat(lines).hasSize(CHUNKS);
        for (int i = 0; i < CHUNKS; i++) {
            JsonObject line = new JsonObject(lines.get(i));
            byte[] bytes = gateway.stored.get((long) i).bytes().getBytes();
            assertThat(line.getLong("sequence")).isEqualTo(i);
            assertThat(line.getLong("bytes")).isEqualTo(bytes.length);
            assertThat(line.getString("sha256"))
                    .isEqualTo(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        }
        assertThat(gateway.stored.get(CHUNKS - 1L).fin()).isPresent();
    }

    @Test
    void goesOnInANewStreamWhenWhatIsStoredIsNotItsOwn() throws Exception {
        Path home = folder.resolve("agent");
        String pin = Pin.of(servers.nodes.certificate()).toString();
        agent("enrol", "--url", servers.url(), "--token", "good", "--ca-pin", pin, "--dir", home);
        // WHEN it links again, and there are other chunks under its numbers
        gateway.foreign = 80;
        String said = agent("stream", "--dir", home, "--chunks", 100, "--cut-after", 50, "--timeout", 60);
        // THEN all that it knows not to be acknowledged is in a new stream, numbered from 0
        assertThat(said).contains("is another one there").contains("chunks acknowledged over 2 links");
        Matcher acknowledged =
                Pattern.compile("50 chunks, ([0-9]+) acknowledged").matcher(said);
        assertThat(acknowledged.find()).as(said).isTrue();
        assertThat(gateway.stored).hasSize(100 - Integer.parseInt(acknowledged.group(1)));
        assertThat(gateway.stored.get(gateway.stored.size() - 1L).fin()).isPresent();
    }

    @Test
    void sendsNoTokenToAWrongPinAndHearsARefusal() throws Exception {
        Path home = folder.resolve("agent");
        String wrong = "sha256:" + "0".repeat(64);
        assertThat(agent("enrol", "--url", servers.url(), "--token", "good", "--ca-pin", wrong, "--dir", home))
                .contains("no token was sent");
        String pin = Pin.of(servers.nodes.certificate()).toString();
        assertThat(agent("enrol", "--url", servers.url(), "--token", "bad", "--ca-pin", pin, "--dir", home))
                .contains("unknown-token");
    }

    private static String agent(Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/usr/bin/python3", "src/test/python/agent.py"));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Path output = Files.createTempFile("agent", ".out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
            return Files.readString(output);
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }
}
