package dev.gatehouse.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.cli.output.Progress;
import dev.gatehouse.cli.output.Shell;
import dev.gatehouse.cli.verify.Findings.Kind;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {

    private static final UUID A = new UUID(1, 1);
    private static final UUID B = new UUID(-1, 1);

    @TempDir
    Path folder;

    private final Map<UUID, List<StoredChunks.Stored>> store = new HashMap<>();
    private final List<String> ledger = new ArrayList<>();

    @Test
    void everythingThere() throws IOException {
        for (int i = 1; i <= 5; i++) {
            acknowledge(A, i, i);
            store(A, i, i);
            acknowledge(B, i, 10 + i);
            store(B, i, 10 + i);
        }
        store(A, 6, 6); // its ack was lost
        assertThat(run().text().lines())
                .containsExactly(
                        "10 acknowledged chunks in 2 streams, 0 expired by retention",
                        "0 missing, 0 different, 0 duplicated");
    }

    @Test
    void missingAtEachPlace() throws IOException {
        for (int i = 1; i <= 6; i++) {
            acknowledge(A, i, i);
        }
        store(A, 2, 2);
        store(A, 3, 3);
        store(A, 5, 5);
        acknowledge(B, 7, 7);
        Findings findings = run();
        assertThat(findings.count(Kind.MISSING)).isEqualTo(4);
        assertThat(findings.count(Kind.DIFFERENT) + findings.count(Kind.DUPLICATED))
                .isZero();
        assertThat(findings.examples())
                .containsExactlyInAnyOrder(
                        "missing: stream " + A + " chunk 1",
                        "missing: stream " + A + " chunk 4",
                        "missing: stream " + A + " chunk 6",
                        "missing: stream " + B + " chunk 7, and its stream is not known");
        assertThat(findings.good()).isFalse();
    }

    @Test
    void differentDuplicatedAndUnreadable() throws IOException {
        acknowledge(A, 1, 1);
        store(A, 1, 99);
        acknowledge(A, 2, 2);
        store(A, 2, 2);
        store(A, 2, 2);
        store(A, 2, 3);
        acknowledge(A, 3, 3);
        store.get(A).add(new StoredChunks.Stored(3, Optional.empty(), StoredChunks.State.THERE));
        store(A, 4, 4); // in no ledger, but stored twice all the same
        store(A, 4, 4);
        Findings findings = run();
        assertThat(findings.count(Kind.DIFFERENT)).isOne();
        assertThat(findings.count(Kind.DUPLICATED)).isEqualTo(3);
        assertThat(findings.count(Kind.MISSING)).isOne();
        assertThat(findings.examples()).contains("missing: stream " + A + " chunk 3, its bytes cannot be read");
    }

    @Test
    void whatRetentionTookIsSaidApart() throws IOException {
        acknowledge(A, 1, 1);
        acknowledge(A, 2, 2);
        store.put(A, new ArrayList<>());
        store.get(A).add(new StoredChunks.Stored(1, Optional.empty(), StoredChunks.State.EXPIRED));
        store(A, 2, 2);
        acknowledge(B, 1, 1);
        store.put(B, null); // gone whole
        Findings findings = run();
        assertThat(findings.good()).isTrue();
        assertThat(findings.json().path("expired").asLong()).isEqualTo(2);
        assertThat(findings.chunks()).isEqualTo(3);
    }

    @Test
    void aLedgerThatACrashHasTornIsReadAroundTheTear() throws IOException {
        acknowledge(A, 1, 1);
        store(A, 1, 1);
        ledger.add("{\"stream\":\"" + A + "\",\"sequ{\"stream\":\"" + A + "\"}");
        ledger.add("");
        ledger.add("x".repeat(100_000));
        acknowledge(A, 1, 1); // written again after the crash
        acknowledge(A, 2, 2);
        store(A, 2, 2);
        Files.writeString(folder.resolve("ledger"), String.join("\n", ledger) + "\n{\"stream\":\"" + A + "\",\"se");
        Findings findings = compare(folder.resolve("ledger"), 2);
        assertThat(findings.good()).isTrue();
        assertThat(findings.json().path("unreadableLines").asLong())
                .as("without the last, still being written")
                .isEqualTo(2);
        assertThat(findings.chunks()).isEqualTo(2);
    }

    @Test
    void aLedgerThatContradictsItselfIsDifferent() throws IOException {
        acknowledge(A, 1, 1);
        acknowledge(A, 1, 2);
        store(A, 1, 1);
        assertThat(run().count(Kind.DIFFERENT)).isPositive();
    }

    @Test
    void anyOrderAndAnyNumberOfRunsGiveTheSame() throws IOException {
        Random random = new Random(42);
        for (int stream = 0; stream < 40; stream++) {
            UUID id = new UUID(random.nextLong(), random.nextLong());
            for (int i = 1; i <= 50; i++) {
                acknowledge(id, i, i);
                if (random.nextInt(10) > 0) {
                    store(id, i, i);
                }
            }
        }
        long stored = store.values().stream().mapToLong(List::size).sum();
        Collections.shuffle(ledger, random);
        Path file = Files.write(folder.resolve("ledger"), ledger);
        for (int run : new int[] {1, 7, 500, 10_000}) {
            Findings findings = compare(file, run);
            assertThat(findings.chunks()).isEqualTo(2000);
            assertThat(findings.count(Kind.MISSING)).isEqualTo(2000 - stored);
            assertThat(findings.examples()).hasSize(Findings.MAX_EXAMPLES);
        }
    }

    private Findings run() throws IOException {
        return compare(Files.write(folder.resolve("ledger"), ledger), SortedLedger.RUN);
    }

    private Findings compare(Path file, int run) throws IOException {
        Shell shell = new Shell(Map.of(), new PrintStream(PrintStream.nullOutputStream()), System.err, false);
        try (SortedLedger sorted = SortedLedger.sort(file, new Progress(shell), run)) {
            return new Comparison(sorted, this::read, done -> {}).run();
        }
    }

    private StoredChunks.Known read(UUID stream, StoredChunks.Taker taker) {
        if (!store.containsKey(stream)) {
            return StoredChunks.Known.NO;
        }
        if (store.get(stream) == null) {
            return StoredChunks.Known.EXPIRED;
        }
        store.get(stream).forEach(taker::take);
        return StoredChunks.Known.YES;
    }

    private void acknowledge(UUID stream, long sequence, int bytes) {
        ledger.add("{\"stream\":\"" + stream + "\",\"sequence\":" + sequence + ",\"sha256\":\"" + sha256(bytes)
                + "\",\"bytes\":17,\"time\":\"2026-11-21T08:00:00Z\"}");
    }

    private void store(UUID stream, long sequence, int bytes) {
        store.computeIfAbsent(stream, id -> new ArrayList<>())
                .add(new StoredChunks.Stored(sequence, Optional.of(sha256(bytes)), StoredChunks.State.THERE));
    }

    private static String sha256(int bytes) {
        return HexFormat.of().toHexDigits((long) bytes).repeat(4);
    }
}
