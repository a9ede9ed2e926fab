package dev.gatehouse.cli.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.cli.output.Json;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/**
 * One acknowledged chunk, as the agent has written it down.
 *
 * @param sha256 of the chunk's bytes as sent
 */
record LedgerLine(UUID stream, long sequence, Sha256 sha256) {

    /** The order in which the server tells chunks: by stream, then by number. */
    static final Comparator<LedgerLine> ORDER =
            Comparator.comparing(LedgerLine::stream).thenComparingLong(LedgerLine::sequence);

    /** Its 32 bytes, big-endian: millions of them are held at once. */
    record Sha256(long first, long second, long third, long fourth) {

        private static final int HEX_DIGITS = 64;

        static Sha256 parse(String hex) {
            if (hex.length() != HEX_DIGITS) {
                throw new IllegalArgumentException(hex.length() + " hex digits; 64 are needed");
            }
            return new Sha256(part(hex, 0), part(hex, 1), part(hex, 2), part(hex, 3));
        }

        private static long part(String hex, int index) {
            return HexFormat.fromHexDigitsToLong(hex, index * 16, index * 16 + 16);
        }

        @Override
        public String toString() {
            HexFormat format = HexFormat.of();
            return format.toHexDigits(first)
                    + format.toHexDigits(second)
                    + format.toHexDigits(third)
                    + format.toHexDigits(fourth);
        }
    }

    /** Empty if the text is not such a line: a crash may have torn it. */
    static Optional<LedgerLine> parse(String text) {
        try {
            JsonNode json = Json.MAPPER.readTree(text);
            JsonNode sequence = json.path("sequence");
            return sequence.canConvertToLong()
                    ? Optional.of(new LedgerLine(
                            UUID.fromString(json.path("stream").asText()),
                            sequence.asLong(),
                            Sha256.parse(json.path("sha256").asText())))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException torn) {
            return Optional.empty();
        }
    }

    static LedgerLine read(DataInput in) throws IOException {
        return new LedgerLine(
                new UUID(in.readLong(), in.readLong()),
                in.readLong(),
                new Sha256(in.readLong(), in.readLong(), in.readLong(), in.readLong()));
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(stream.getMostSignificantBits());
        out.writeLong(stream.getLeastSignificantBits());
        out.writeLong(sequence);
        out.writeLong(sha256.first);
        out.writeLong(sha256.second);
        out.writeLong(sha256.third);
        out.writeLong(sha256.fourth);
    }

    boolean sameChunk(LedgerLine other) {
        return stream.equals(other.stream) && sequence == other.sequence;
    }
}
