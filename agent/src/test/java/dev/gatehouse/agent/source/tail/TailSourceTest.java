package dev.gatehouse.agent.source.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.agent.source.EventTicker;
import dev.gatehouse.agent.source.EventWriter;
import dev.gatehouse.agent.source.Spooled;
import dev.gatehouse.agent.spool.Spool;
import dev.gatehouse.agent.spool.SpoolLimits;
import dev.gatehouse.protocol.message.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TailSourceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path temp;

    private Path logs;
    private Path file;
    private Spool spool;
    private EventTicker events;
    private TailSource tail;

    @BeforeEach
    void folders() throws IOException {
        logs = Files.createDirectory(temp.resolve("logs"));
        file = logs.resolve("app.log");
    }

    @AfterEach
    void stop() {
        if (tail != null) {
            tail.close();
            events.close();
            spool.close();
        }
    }

    @Test
    void aRenamedFileIsReadToItsEndAndTheNewOneFromItsStart() throws IOException {
        append(file, numbers(0, 10));
        start();
        awaitLines(10);
        Path old = logs.resolve("app.log.1");
        Files.move(file, old);
        append(old, numbers(10, 20)); // its writer has not noticed yet
        append(file, numbers(20, 30));
        awaitLines(30);
    }

    @Test
    void aFileRenamedWhileTheAgentWasAwayIsFinishedToo() throws IOException {
        append(file, numbers(0, 10));
        start();
        awaitLines(10);
        stop();
        append(file, numbers(10, 20));
        Files.move(file, logs.resolve("app.log.1"));
        append(file, numbers(20, 30));
        start();
        await().atMost(PATIENCE).until(() -> Spooled.lines(spool).size() >= 30);
        assertThat(Spooled.lines(spool))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 30).mapToObj(i -> "number " + i).toList());
    }

    @Test
    void aFileCutOffAndFilledAnewIsReadAnew() throws IOException {
        append(file, numbers(0, 10));
        start();
        awaitLines(10);
        // copytruncate, and at once more than there was before
        Files.writeString(file, numbers(10, 40), StandardOpenOption.TRUNCATE_EXISTING);
        awaitLines(40);
        // and to nothing
        Files.writeString(file, "", StandardOpenOption.TRUNCATE_EXISTING);
        await().atMost(PATIENCE).until(() -> tail.positions().getFirst().position() == 0);
        append(file, numbers(40, 41));
        awaitLines(41);
    }

    @Test
    void theRestOfADeletedFileIsRead() throws IOException {
        append(file, numbers(0, 5));
        start();
        awaitLines(5);
        try (FileChannel writer = FileChannel.open(file, StandardOpenOption.APPEND)) {
            Files.delete(file);
            writer.write(ByteBuffer.wrap((numbers(5, 10) + "no end").getBytes(StandardCharsets.UTF_8)));
            await().atMost(PATIENCE).until(() -> Spooled.lines(spool).size() == 11);
        }
        assertThat(Spooled.lines(spool)).endsWith("number 9", "no end");
        await().atMost(PATIENCE).until(() -> spool.checkpoints("tail:").isEmpty());
    }

    @Test
    void newFilesBelowTheFolderAreFoundAndOthersLeftAlone() throws IOException {
        start(logs + "/**/*.log");
        Files.createDirectories(logs.resolve("a/b"));
        append(logs.resolve("a/b/one.log"), "one\n");
        append(logs.resolve("two.log"), "two\n");
        append(logs.resolve("three.txt"), "three\n");
        await().atMost(PATIENCE).until(() -> Spooled.lines(spool).size() >= 2);
        assertThat(Spooled.lines(spool)).containsExactlyInAnyOrder("one", "two");
        assertThat(Spooled.events(spool)).extracting(Event::getApplication).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void linesOfAnyKindAreTakenWhole() throws IOException {
        String wide = "é".repeat(EventWriter.MAX_TEXT); // 2 bytes each: two pieces
        byte[] bad = {'b', (byte) 0xff, (byte) 0xfe, 'd', '\n'};
        try (FileChannel writer = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            writer.write(ByteBuffer.wrap(("first\r\n\n" + wide + "\n").getBytes(StandardCharsets.UTF_8)));
            writer.write(ByteBuffer.wrap(bad));
            byte[] noise = new byte[300_000]; // nothing that could be packed, hardly anything that is UTF-8
            new Random(1).nextBytes(noise);
            writer.write(ByteBuffer.wrap(noise));
            writer.write(ByteBuffer.wrap("\nlast\n".getBytes(StandardCharsets.UTF_8)));
        }
        start();
        await().atMost(PATIENCE).until(() -> Spooled.lines(spool).contains("last"));
        List<Event> all = Spooled.events(spool);
        assertThat(all.subList(0, 2)).extracting(Event::getText).containsExactly("first", "");
        assertThat(all.get(2).getText() + all.get(3).getText() + all.get(4).getText())
                .startsWith(wide);
        assertThat(all.get(2).getAttributesMap()).containsEntry("part", "first");
        assertThat(all).extracting(Event::getText).contains("b\ufffd\ufffdd");
    }

    @Test
    void manyMegabytesAtOnceArriveInOrderThroughASmallSpoolOfFewChunks() throws IOException {
        append(file, numbers(0, 300_000)); // 4 MB
        start();
        await().atMost(PATIENCE).until(() -> Spooled.lines(spool).size() == 300_000);
        assertThat(Spooled.lines(spool))
                .isEqualTo(
                        IntStream.range(0, 300_000).mapToObj(i -> "number " + i).toList());
        assertThat(spool.state().chunks()).isLessThan(500);
    }

    @Test
    void manyStopsInTheMiddleLoseAndDoubleNothing() throws IOException {
        Random random = new Random(7);
        int written = 0;
        for (int round = 0; round < 8; round++) {
            int more = random.nextInt(20_000);
            append(file, numbers(written, written + more));
            written += more;
            start();
            int enough = random.nextInt(written + 1);
            await().atMost(PATIENCE).until(() -> Spooled.lines(spool).size() >= Math.min(enough, 5000));
            stop();
        }
        start();
        awaitLines(written);
    }

    private void start() throws IOException {
        start(logs + "/*.log");
    }

    private void start(String paths) throws IOException {
        spool = Spool.open(temp.resolve("spool"), new SpoolLimits(64 << 20, 0));
        events = new EventTicker(spool);
        tail = new TailSource(new TailSettings(List.of(paths), ""), spool, events.writer("log", ""));
        tail.start();
    }

    private void awaitLines(int count) {
        await().atMost(PATIENCE).until(() -> Spooled.lines(spool).size() >= count);
        assertThat(new ArrayList<>(Spooled.lines(spool)))
                .isEqualTo(
                        IntStream.range(0, count).mapToObj(i -> "number " + i).toList());
    }

    private static String numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "number " + i + "\n").collect(Collectors.joining());
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
