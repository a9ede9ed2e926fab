package dev.gatehouse.cli.verify;

import dev.gatehouse.cli.output.Column;
import dev.gatehouse.cli.output.Progress;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * A ledger's lines in the order of streams and numbers, in bounded memory whatever the ledger's size: sorted runs on disk, merged as they are read. Not thread-safe.
 *
 * <p>An agent may still be writing the file: what comes after its length at the start is left for the next time.
 */
final class SortedLedger implements AutoCloseable {

    /** Lines sorted at once, about 40 MB. */
    static final int RUN = 250_000;

    /** A line of ours has about 200. */
    private static final int MAX_LINE = 4096;

    private static final int READ_BUFFER = 64 * 1024;

    private record Head(LedgerLine line, DataInputStream rest) {}

    private final int run;
    private final List<Path> runs = new ArrayList<>();
    private final List<DataInputStream> open = new ArrayList<>();
    private final PriorityQueue<Head> heads = new PriorityQueue<>(Comparator.comparing(Head::line, LedgerLine.ORDER));
    private final Path folder;
    private List<LedgerLine> lines = new ArrayList<>();
    private long count;
    private long unreadable;

    private SortedLedger(int run) throws IOException {
        this.run = run;
        this.folder = Files.createTempDirectory("gatehouse-verify");
    }

    static SortedLedger sort(Path ledger, Progress progress) throws IOException {
        return sort(ledger, progress, RUN);
    }

    static SortedLedger sort(Path ledger, Progress progress, int run) throws IOException {
        SortedLedger sorted = new SortedLedger(run);
        try {
            sorted.read(ledger, progress);
            sorted.merge();
            return sorted;
        } catch (IOException | RuntimeException broken) {
            sorted.close();
            throw broken;
        }
    }

    /** Lines that can be read. */
    long count() {
        return count;
    }

    /** Lines that cannot, other than one at the end that is still being written. */
    long unreadable() {
        return unreadable;
    }

    /** The next line without taking it; empty at the end. */
    Optional<LedgerLine> peek() {
        return Optional.ofNullable(heads.peek()).map(Head::line);
    }

    LedgerLine take() throws IOException {
        Head head = heads.remove();
        advance(head.rest);
        return head.line;
    }

    @Override
    public void close() throws IOException {
        for (DataInputStream each : open) {
            each.close();
        }
        for (Path each : runs) {
            Files.deleteIfExists(each);
        }
        Files.deleteIfExists(folder);
    }

    private void read(Path ledger, Progress progress) throws IOException {
        long size = Files.size(ledger);
        long done = 0;
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(ledger), READ_BUFFER)) {
            for (int next = in.read(); next >= 0 && done < size; next = in.read()) {
                done++;
                if (next != '\n') {
                    if (line.size() <= MAX_LINE) {
                        line.write(next);
                    }
                    continue;
                }
                add(line.toString(StandardCharsets.UTF_8));
                line.reset();
                if (count % 10_000 == 0) {
                    progress.show("reading the ledger: " + Column.bytes(done) + " of " + Column.bytes(size));
                }
            }
        }
        LedgerLine.parse(line.toString(StandardCharsets.UTF_8))
                .ifPresent(this::keep); // torn, or only without its line break
        spillIfFull(1);
    }

    private void add(String text) throws IOException {
        if (text.isBlank()) {
            return;
        }
        Optional<LedgerLine> line = LedgerLine.parse(text);
        if (line.isEmpty()) {
            unreadable++;
            return;
        }
        keep(line.get());
        spillIfFull(run);
    }

    private void keep(LedgerLine line) {
        lines.add(line);
        count++;
    }

    private void spillIfFull(int full) throws IOException {
        if (lines.size() < full) {
            return;
        }
        lines.sort(LedgerLine.ORDER);
        Path file = folder.resolve("run-" + runs.size());
        runs.add(file);
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (LedgerLine line : lines) {
                line.write(out);
            }
        }
        lines = new ArrayList<>();
    }

    private void merge() throws IOException {
        for (Path file : runs) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), READ_BUFFER));
            open.add(in);
            advance(in);
        }
    }

    private void advance(DataInputStream in) throws IOException {
        in.mark(1);
        if (in.read() >= 0) {
            in.reset();
            heads.add(new Head(LedgerLine.read(in), in));
        }
    }
}
