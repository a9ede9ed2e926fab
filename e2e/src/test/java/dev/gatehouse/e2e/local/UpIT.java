package dev.gatehouse.e2e.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.e2e.Tools;
import dev.gatehouse.e2e.Tree;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job as a user meets it: {@code up}, a file in the watched folder, the command line, kill -9 in between. */
class UpIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    private static UpProcess up;

    @BeforeAll
    static void start() throws IOException {
        up = new UpProcess(folder.resolve("home"), 3_000);
        up.start();
    }

    @AfterAll
    static void stop() {
        up.close();
    }

    @Test
    void aFileDroppedIntoTheWatchedFolderIsDownloadable() throws Exception {
        byte[] content = randomFile("dropped.bin", 3_000_000, 1);
        try (Rest rest = Rest.signIn(up.ready())) {
            JsonObject stream = captured(rest, "dropped.bin");
            assertThat(stream.getString("sha256")).isEqualTo(sha256(content));
            assertThat(stream.getString("kind")).isEqualTo("file");
            HttpResponse<byte[]> download = rest.get("streams/" + stream.getString("id") + "/content");
            assertThat(download.statusCode()).isEqualTo(200);
            assertThat(download.body()).isEqualTo(content);
        }
    }

    @Test
    void whatWasAcknowledgedSurvivesKillNine() throws Exception {
        byte[] content = randomFile("killed.bin", 20_000_000, 2);
        byte[] late = randomFile("late.bin", 100_000, 3);
        up.killNine();
        up.start();
        try (Rest rest = Rest.signIn(up.ready())) {
            assertThat(captured(rest, "killed.bin").getString("sha256")).isEqualTo(sha256(content));
            assertThat(captured(rest, "late.bin").getString("sha256")).isEqualTo(sha256(late));
        }
        signInByCommandLine();
        UpProcess.Output verified =
                up.run("verify", "--ledger", up.at("agent/ledger.jsonl").toString());
        assertThat(verified.status()).as(verified.out()).isZero();
        assertThat(verified.out()).contains("0 missing", "0 different", "0 duplicated");
    }

    @Test
    void commandLineShowsTheDemoAgentAndRefusesStrangers() throws Exception {
        assertThat(up.run(
                                "login",
                                "--url",
                                up.ready().getString("adminUrl"),
                                "--user",
                                "nobody",
                                "--ca-file",
                                up.ready().getString("caFile"))
                        .status())
                .isEqualTo(5);
        signInByCommandLine();
        UpProcess.Output agents = up.run("agents", "ls", "-o", "json");
        assertThat(agents.status()).as(agents.out()).isZero();
        assertThat(agents.out()).contains("\"demo\"", "online");
        assertThat(up.run("whoami").out()).contains("admin");
        assertThat(up.run("agents", "ls", "--nonsense").status()).isEqualTo(2);
        assertThat(up.run(
                                "login",
                                "--url",
                                "https://localhost:1",
                                "--user",
                                "admin",
                                "--ca-file",
                                up.ready().getString("caFile"))
                        .status())
                .isEqualTo(4);
    }

    /** An agent of another language, written from docs/protocol.md: enrols, streams, is cut off, links again, and everything is acknowledged and stored. */
    @Test
    void aPythonAgentStreamsAThousandChunksThroughACut() throws Exception {
        Tools.need("python3", "openssl");
        signInByCommandLine();
        UpProcess.Output token = up.run("tokens", "create", "--uses", "1");
        assertThat(token.status()).as(token.out()).isZero();
        String secret = token.out()
                .lines()
                .filter(line -> !line.contains(" ")) // what is for people goes to standard error, which is here too
                .findFirst()
                .orElseThrow();
        Path agent = Tree.ROOT.resolve("protocol/src/test/python/agent.py");
        JsonObject ready = up.ready();
        Tools.run(
                folder,
                "python3",
                agent.toString(),
                "enrol",
                "--url",
                ready.getString("accessUrl"),
                "--token",
                secret,
                "--ca-pin",
                ready.getString("caPin"),
                "--dir",
                folder.resolve("python").toString());
        Tools.run(
                folder,
                "python3",
                agent.toString(),
                "stream",
                "--dir",
                folder.resolve("python").toString(),
                "--chunks",
                "1000",
                "--cut-after",
                "400",
                "--ledger",
                folder.resolve("python.jsonl").toString());
        UpProcess.Output verified =
                up.run("verify", "--ledger", folder.resolve("python.jsonl").toString());
        assertThat(verified.status()).as(verified.out()).isZero();
        assertThat(verified.out()).contains("1000 acknowledged chunks", "0 missing, 0 different, 0 duplicated");
    }

    @Test
    void benchCaptureReadsBackWhatWasAcknowledged() throws Exception {
        JsonObject result =
                bench("capture", "--agents", "3", "--warm-up", "1", "--seconds", "1", "--mode", "latency", "--verify");
        assertThat(result.getBoolean("verified")).isTrue();
        JsonObject stored = result.getJsonObject("latency").getJsonObject("stored");
        assertThat(stored.getLong("acknowledgedChunks")).isPositive();
        assertThat(result.getJsonObject("latency").getDouble("ackP99Millis")).isPositive();
    }

    @Test
    void benchLinksCutsAndLinksAgain() throws Exception {
        JsonObject result = bench("links", "--agents", "30", "--seconds", "1");
        assertThat(result.getJsonObject("first").getInteger("links")).isEqualTo(30);
        assertThat(result.getJsonObject("again").getInteger("links")).isEqualTo(27);
        assertThat(result.getInteger("lost")).isZero();
    }

    private static JsonObject bench(String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("bench"));
        words.addAll(List.of(arguments));
        words.addAll(List.of("--home", folder.resolve("home").toString()));
        UpProcess.Output output = up.run(words.toArray(String[]::new));
        assertThat(output.status()).as(output.out()).isZero();
        return new JsonObject(output.out().lines().toList().getLast());
    }

    private static void signInByCommandLine() throws IOException, InterruptedException {
        JsonObject ready = up.ready();
        UpProcess.Output login = up.run(
                "login",
                "--url",
                ready.getString("adminUrl"),
                "--user",
                ready.getString("adminUser"),
                "--ca-pin",
                ready.getString("caPin"));
        assertThat(login.status()).as(login.out()).isZero();
    }

    private static byte[] randomFile(String name, int length, long seed) throws IOException {
        byte[] content = new byte[length];
        new Random(seed).nextBytes(content);
        Files.write(up.at("watched").resolve(name), content, StandardOpenOption.CREATE_NEW);
        return content;
    }

    /** The stream of a file, once all of it is durable. */
    private static JsonObject captured(Rest rest, String name) {
        return await("stream of " + name)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> rest.items("streams?kind=file&name=" + name).stream()
                                .map(JsonObject.class::cast)
                                .filter(stream -> stream.getString("sha256") != null)
                                .findFirst()
                                .orElse(null),
                        stream -> stream != null);
    }

    private static String sha256(byte[] content) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }
}
