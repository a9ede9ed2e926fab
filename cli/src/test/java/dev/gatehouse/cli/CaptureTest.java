package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureTest {

    private static final String ID = "0190a1b2-0000-7000-8000-000000000001";
    private static final int SIZE = 1_000_000;

    @TempDir
    Path folder;

    private final FakeAdmin admin = new FakeAdmin();
    private final byte[] content = new byte[SIZE];
    private Path config;
    private Path file;
    private Path part;
    private ObjectNode stream;

    @BeforeEach
    void login() throws Exception {
        config = folder.resolve("config");
        file = folder.resolve("out.pdf");
        part = folder.resolve(".out.pdf." + ID + ".part");
        new Random(7).nextBytes(content);
        admin.contents.put("streams/" + ID + "/content", content);
        stream = new ObjectMapper()
                .createObjectNode()
                .put("id", ID)
                .put("name", "reports/2026/../plan.pdf")
                .put("bytes", SIZE)
                .put(
                        "sha256",
                        HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
        admin.objects.put("streams/" + ID, stream);
        assertThat(Run.login(config, admin).status()).isZero();
    }

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void downloadsAFileWhole() {
        Run run = get();
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(file).hasBinaryContent(content);
        assertThat(part).doesNotExist();
    }

    @Test
    void goesOnWhereTheConnectionBroke() {
        admin.cuts.addAll(List.of(300_000, 1, 400_000));
        assertThat(get().status()).isZero();
        assertThat(file).hasBinaryContent(content);
        assertThat(admin.asked(asked -> asked.range() != null)).hasSize(3);
    }

    @Test
    void goesOnWhereAnEarlierCommandWasStopped() throws IOException {
        Files.write(part, Arrays.copyOf(content, 400_000));
        assertThat(get().status()).isZero();
        assertThat(file).hasBinaryContent(content);
        assertThat(admin.asked(asked -> asked.path().endsWith("/content")))
                .singleElement()
                .satisfies(asked -> assertThat(asked.range()).isEqualTo("bytes=400000-"));
    }

    @Test
    void finishesAPartThatIsComplete() throws IOException {
        Files.write(part, content);
        assertThat(get().status()).isZero();
        assertThat(file).hasBinaryContent(content);
    }

    @Test
    void givesUpWhenNothingComesAnyMoreAndKeepsWhatIsThere() {
        admin.cuts.addAll(List.of(1000, 0, 0, 0, 0, 0));
        Run run = get();
        assertThat(run.status()).isEqualTo(4);
        assertThat(run.err()).contains("goes on from here");
        assertThat(file).doesNotExist();
        assertThat(part).hasSize(1000);
    }

    @Test
    void otherBytesThanTheAgentsAreNotKept() throws IOException {
        Files.write(part, new byte[5]);
        Run run = get();
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("nothing was kept");
        assertThat(file).doesNotExist();
        assertThat(part).doesNotExist();
        assertThat(get().status()).as("from the beginning").isZero();
    }

    @Test
    void anOpenStreamHasNoSha256Yet() {
        stream.putNull("sha256");
        stream.put("missingChunks", 2);
        Run run = get();
        assertThat(run.status()).isZero();
        assertThat(run.err()).contains("2 chunks were lost or damaged");
    }

    @Test
    void replacesNothingUnasked() throws IOException {
        Files.writeString(file, "mine");
        Run run = get();
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("is there already; --force");
        assertThat(file).hasContent("mine");
        assertThat(Run.of(config, "streams", "get", ID, "--output", file.toString(), "--force")
                        .status())
                .isZero();
        assertThat(file).hasBinaryContent(content);
    }

    @Test
    void namesFromElsewhereStayInTheFolder() {
        assertThat(Run.of(config, "streams", "get", ID, "--output", folder.toString())
                        .status())
                .isZero();
        assertThat(folder.resolve("plan.pdf")).hasBinaryContent(content);
        stream.put("name", "..");
        assertThat(Run.of(config, "streams", "get", ID, "--output", folder.toString())
                        .status())
                .isZero();
        assertThat(folder.resolve(ID)).hasBinaryContent(content);
    }

    @Test
    void anUnknownStreamIsAFailure() {
        Run run = Run.of(config, "streams", "get", "no-such", "--output", file.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("there is no streams/no-such");
    }

    @Test
    void listsStreamsOfAnAgent() {
        admin.item("agents").put("id", "a1").put("name", "demo");
        admin.item("streams").put("id", ID).put("name", "plan.pdf").put("bytes", SIZE);
        Run run = Run.of(
                config, "streams", "ls", "--agent", "demo", "--kind", "file", "--to", "2026-11-21T08:00:00+01:00");
        assertThat(run.out()).contains("976.6 KiB").contains("plan.pdf");
        assertThat(admin.asked(asked -> asked.path().equals("streams"))
                        .getFirst()
                        .query())
                .containsEntry("agentId", "a1")
                .containsEntry("kind", "file")
                .containsEntry("to", "2026-11-21T07:00:00Z");
    }

    @Test
    void searchesEvents() {
        event("1", "window", "Inbox", "two words");
        Run run = Run.of(config, "events", "--text", "two words", "--user", "ann");
        assertThat(run.out()).contains("Inbox | two words");
        assertThat(admin.asked(asked -> asked.path().equals("events"))
                        .getFirst()
                        .query())
                .containsEntry("text", "two words")
                .containsEntry("user", "ann")
                .doesNotContainKey("from");
    }

    @Test
    void followsEventsOldestFirstEachOnce() throws Exception {
        event("2", "log", "", "second");
        event("1", "log", "", "first");
        Thread later = Thread.ofPlatform().start(() -> {
            while (admin.asked(asked -> asked.path().equals("events")).size() < 2) {
                Thread.onSpinWait();
            }
            ObjectNode event =
                    new ObjectMapper().createObjectNode().put("id", "3").put("text", "third");
            admin.lists.put(
                    "events",
                    List.of(
                            event,
                            admin.lists.get("events").get(0),
                            admin.lists.get("events").get(1)));
        });
        Run run = Run.of(config, "events", "--follow", "--limit", "3", "-o", "json");
        later.join();
        assertThat(run.out().lines().map(line -> line.replaceAll(".*\"text\":\"(\\w+)\".*", "$1")))
                .containsExactly("first", "second", "third");
        assertThat(Instant.parse(admin.asked(asked -> asked.path().equals("events"))
                        .getFirst()
                        .query()
                        .get("from")))
                .isBefore(Instant.now());
    }

    private Run get() {
        return Run.of(config, "streams", "get", ID, "--output", file.toString());
    }

    private void event(String id, String kind, String title, String text) {
        admin.item("events").put("id", id).put("kind", kind).put("title", title).put("text", text);
    }
}
