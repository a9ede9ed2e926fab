package dev.gatehouse.cli.verify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.cli.output.Json;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** What the comparison has found so far: counts, and the first examples of what is wrong. Not thread-safe. */
final class Findings {

    static final int MAX_EXAMPLES = 10;

    /** What may be wrong with a chunk. */
    enum Kind {
        MISSING,
        DIFFERENT,
        DUPLICATED
    }

    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final List<String> examples = new ArrayList<>();
    private long streams;
    private long chunks;
    private long expired;
    private final long unreadableLines;

    /** @param unreadableLines of the ledger: torn by a crash, so nobody knows what they said */
    Findings(long unreadableLines) {
        this.unreadableLines = unreadableLines;
    }

    void stream() {
        streams++;
    }

    void chunk() {
        chunks++;
    }

    void expired() {
        expired++;
    }

    void wrong(Kind kind, UUID stream, long sequence, String detail) {
        if (counts.merge(kind, 1L, Long::sum) <= MAX_EXAMPLES) {
            examples.add(kind.name().toLowerCase(Locale.ROOT) + ": stream " + stream + " chunk " + sequence
                    + (detail.isEmpty() ? "" : ", " + detail));
        }
    }

    long count(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    boolean good() {
        return count(Kind.MISSING) + count(Kind.DIFFERENT) + count(Kind.DUPLICATED) == 0;
    }

    long chunks() {
        return chunks;
    }

    List<String> examples() {
        return examples;
    }

    ObjectNode json() {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("streams", streams)
                .put("chunks", chunks)
                .put("missing", count(Kind.MISSING))
                .put("different", count(Kind.DIFFERENT))
                .put("duplicated", count(Kind.DUPLICATED))
                .put("expired", expired)
                .put("unreadableLines", unreadableLines);
        ArrayNode list = json.putArray("examples");
        examples.forEach(list::add);
        return json;
    }

    /** For people; scripts may look for the last line. */
    String text() {
        return (unreadableLines == 0 ? "" : unreadableLines + " lines of the ledger cannot be read and were left out\n")
                + chunks + " acknowledged chunks in " + streams + " streams, " + expired + " expired by retention\n"
                + count(Kind.MISSING) + " missing, " + count(Kind.DIFFERENT) + " different, " + count(Kind.DUPLICATED)
                + " duplicated";
    }
}
