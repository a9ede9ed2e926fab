package dev.gatehouse.cli.verify;

import dev.gatehouse.cli.verify.Findings.Kind;
import dev.gatehouse.cli.verify.StoredChunks.Known;
import dev.gatehouse.cli.verify.StoredChunks.State;
import dev.gatehouse.cli.verify.StoredChunks.Stored;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;

/**
 * Holds a ledger against what is stored, stream by stream, both in the order of their numbers.
 *
 * <p>A chunk that is stored but in no ledger is fine: its ack was lost on the way. One that is stored twice is not, whether the ledger has it or not. A chunk whose bytes cannot be read is missing. Not thread-safe.
 */
final class Comparison {

    private final SortedLedger ledger;
    private final StoredChunks stored;
    private final Findings findings;
    private final LongConsumer step;

    /** @param step is told now and then how many chunks are done */
    Comparison(SortedLedger ledger, StoredChunks stored, LongConsumer step) {
        this.ledger = ledger;
        this.stored = stored;
        this.findings = new Findings(ledger.unreadable());
        this.step = step;
    }

    Findings run() throws IOException {
        try {
            while (ledger.peek().isPresent()) {
                UUID stream = ledger.peek().get().stream();
                findings.stream();
                OneStream one = new OneStream(stream);
                Known known = stored.read(stream, one);
                one.rest(known);
                step.accept(findings.chunks());
            }
            return findings;
        } catch (UncheckedIOException broken) {
            throw broken.getCause();
        }
    }

    /** The merge of one stream: the ledger's next line against the next stored chunk. */
    private final class OneStream implements StoredChunks.Taker {

        private final UUID stream;
        private Optional<Stored> last = Optional.empty();

        OneStream(UUID stream) {
            this.stream = stream;
        }

        @Override
        public boolean take(Stored chunk) {
            if (last.filter(before -> before.sequence() == chunk.sequence()).isPresent()) {
                findings.wrong(Kind.DUPLICATED, stream, chunk.sequence(), "");
                return true;
            }
            last = Optional.of(chunk);
            Optional<LedgerLine> line = next();
            while (line.isPresent() && line.get().sequence() < chunk.sequence()) {
                missing(takeLine(), "");
                line = next();
            }
            if (line.isPresent() && line.get().sequence() == chunk.sequence()) {
                compare(takeLine(), chunk);
                line = next();
            }
            step.accept(findings.chunks());
            return true;
        }

        /** After the stored ones: what the ledger has beyond. */
        void rest(Known known) {
            for (Optional<LedgerLine> line = next(); line.isPresent(); line = next()) {
                LedgerLine taken = takeLine();
                switch (known) {
                    case YES -> missing(taken, "");
                    case NO -> missing(taken, "and its stream is not known");
                    case EXPIRED -> {
                        findings.chunk();
                        findings.expired();
                    }
                }
            }
        }

        private void compare(LedgerLine line, Stored chunk) {
            findings.chunk();
            if (chunk.state() == State.EXPIRED) {
                findings.expired();
            } else if (chunk.sha256().isEmpty()) {
                findings.wrong(Kind.MISSING, stream, line.sequence(), "its bytes cannot be read");
            } else if (!chunk.sha256().get().equals(line.sha256().toString())) {
                findings.wrong(
                        Kind.DIFFERENT,
                        stream,
                        line.sequence(),
                        "acknowledged " + line.sha256() + ", stored "
                                + chunk.sha256().get());
            }
        }

        private void missing(LedgerLine line, String why) {
            findings.chunk();
            findings.wrong(Kind.MISSING, stream, line.sequence(), why);
        }

        private Optional<LedgerLine> next() {
            return ledger.peek().filter(line -> line.stream().equals(stream));
        }

        /** The line, with its repetitions taken too: a crash may have made the agent write it again. Other bytes under the same number are a fault of their own. */
        private LedgerLine takeLine() {
            try {
                LedgerLine line = ledger.take();
                while (ledger.peek().filter(line::sameChunk).isPresent()) {
                    LedgerLine again = ledger.take();
                    if (!again.sha256().equals(line.sha256())) {
                        findings.wrong(
                                Kind.DIFFERENT,
                                stream,
                                line.sequence(),
                                "acknowledged " + line.sha256() + " and " + again.sha256());
                    }
                }
                return line;
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }
}
