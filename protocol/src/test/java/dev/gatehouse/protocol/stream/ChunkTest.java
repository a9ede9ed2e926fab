package dev.gatehouse.protocol.stream;

import static dev.gatehouse.protocol.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkTest {

    private static final Buffer NOTHING = Buffer.buffer();

    @Test
    void eachFieldHasItsPlace() throws ProtocolException {
        Chunk chunk = new Chunk(
                0x0102030405060708L,
                1_700_000_000_000_000L,
                1_700_000_000_000_001L,
                2,
                Codec.ZSTD,
                1024,
                4096,
                true,
                Optional.empty(),
                NOTHING,
                Buffer.buffer("abc"));
        Buffer bytes = hex(
                "b2 0d ef c4", // CRC32C of all that follows
                "01", // flags: KEY
                "01", // codec: zstd
                "00 00", // no extensions
                "01 02 03 04 05 06 07 08", // sequence
                "00 06 0a 24 18 1e 40 00", // first time, microseconds
                "00 06 0a 24 18 1e 40 01", // last time
                "00 00 00 02", // records
                "00 00 04 00", // plain length
                "00 00 00 00 00 00 10 00", // content offset
                "61 62 63"); // packed bytes
        assertThat(chunk.encode()).isEqualTo(bytes);
        assertThat(Chunk.decode(bytes)).isEqualTo(chunk);
        assertThat(Chunk.crcMatches(bytes)).isTrue();
        assertThat(Chunk.sequence(bytes)).isEqualTo(0x0102030405060708L);
        assertThat(Chunk.isFin(bytes)).isFalse();
    }

    @Test
    void finAndExtensionsComeBeforeTheBytes() throws ProtocolException {
        Buffer sha256 = Buffer.buffer(new byte[32]).setByte(0, (byte) 0xaa).setByte(31, (byte) 0xbb);
        Chunk chunk = new Chunk(
                6,
                -1,
                0,
                0,
                Codec.NONE,
                1,
                0,
                false,
                Optional.of(new Chunk.Fin(7, sha256)),
                hex("01 0002 cafe"),
                Buffer.buffer("z"));
        Buffer bytes = hex(
                "06 d2 45 84", // CRC32C
                "02", // flags: FIN
                "00", // codec: none
                "00 05", // length of the extensions
                "00 00 00 00 00 00 00 06", // sequence
                "ff ff ff ff ff ff ff ff", // first time: a moment before 1970
                "00 00 00 00 00 00 00 00", // last time
                "00 00 00 00", // records: plain content
                "00 00 00 01", // plain length
                "00 00 00 00 00 00 00 00", // content offset
                "00 00 00 00 00 00 00 07", // FIN: chunks in the stream
                "aa 00000000 00000000 00000000 00000000 00000000 00000000 00000000 0000 bb", // FIN: SHA-256
                "01 0002 cafe", // an extension: type, length, value
                "7a"); // bytes
        assertThat(chunk.encode()).isEqualTo(bytes);
        assertThat(Chunk.decode(bytes)).isEqualTo(chunk);
        assertThat(Chunk.isFin(bytes)).isTrue();
    }

    @Test
    void theCrcIsCastagnolis() {
        // "123456789" gives e3069283; the four bytes before are not part of it
        assertThat(Chunk.crcMatches(hex("e3 06 92 83", "31 32 33 34 35 36 37 38 39")))
                .isTrue();
        // of 32 zero bytes: 8a9136aa
        assertThat(Chunk.crcMatches(hex("8a 91 36 aa", "00".repeat(32)))).isTrue();
    }

    @Test
    void oneChangedBitAnywhereIsSeen() throws ProtocolException {
        Random random = new Random(1);
        byte[] content = new byte[Chunk.MAX_BYTES];
        random.nextBytes(content);
        Buffer bytes = plain(3, Buffer.buffer(content)).encode();
        assertThat(bytes.length()).isLessThanOrEqualTo(Frame.MAX_PAYLOAD);
        assertThat(Chunk.crcMatches(bytes)).isTrue();
        for (int i = 0; i < 200; i++) {
            int at = random.nextInt(bytes.length());
            byte before = bytes.getByte(at);
            bytes.setByte(at, (byte) (before ^ 1 << random.nextInt(8)));
            assertThat(Chunk.crcMatches(bytes)).as("byte %d", at).isFalse();
            bytes.setByte(at, before);
        }
    }

    @Test
    void theLongestChunkFillsAFrameExactly() {
        Chunk chunk = new Chunk(
                0,
                0,
                0,
                0,
                Codec.NONE,
                Chunk.MAX_BYTES,
                0,
                false,
                Optional.of(new Chunk.Fin(1, Buffer.buffer(new byte[32]))),
                Buffer.buffer(new byte[Chunk.MAX_EXTENSIONS]),
                Buffer.buffer(new byte[Chunk.MAX_BYTES]));
        assertThat(chunk.encode().length()).isEqualTo(Frame.MAX_PAYLOAD);
    }

    @Test
    void badFieldsAreNamed() {
        Buffer good = plain(3, Buffer.buffer("abc")).encode();
        refused("CHUNK of 47 bytes; at least 48 are needed", good.getBuffer(0, 47));
        refused("CHUNK of 0 bytes; at least 48 are needed", NOTHING);
        refused("CHUNK flags 4; 0 to 3 are known", good.copy().setByte(4, (byte) 4));
        refused("chunk codec 2; 0 (none) and 1 (zstd) are known", good.copy().setByte(5, (byte) 2));
        refused(
                "CHUNK with 4 bytes of extensions in 51; at most 1024, all inside the payload, are allowed",
                good.copy().setUnsignedShort(6, 4));
        refused(
                "CHUNK with 1025 bytes of extensions in 5000; at most 1024, all inside the payload, are allowed",
                Buffer.buffer(new byte[5000]).setUnsignedShort(6, 1025));
        refused(
                "CHUNK with 0 bytes of extensions in 51; at most 1024, all inside the payload, are allowed",
                good.copy().setByte(4, (byte) 2)); // FIN without room for it
        refused(
                "CHUNK sequence 9223372036854775808; at most 2^63-1 is allowed",
                good.copy().setLong(8, Long.MIN_VALUE));
        refused(
                "CHUNK record count 4294967295; at most 2147483647 is allowed",
                good.copy().setInt(32, -1));
        refused(
                "CHUNK plain length 1048577; at most 1048576 is allowed",
                good.copy().setInt(36, 1024 * 1024 + 1));
        refused(
                "CHUNK plain length 4294967295; at most 1048576 is allowed",
                good.copy().setInt(36, -1));
        refused(
                "CHUNK content offset 18446744073709551615; at most 2^63-1 is allowed",
                good.copy().setLong(40, -1));
        refused(
                "CHUNK with 64425 bytes of content; at most 64424 are allowed",
                Buffer.buffer(new byte[Chunk.HEADER_BYTES + Chunk.MAX_BYTES + 1]));
        refused("CHUNK of 65537 bytes; at most 65536 are allowed", Buffer.buffer(new byte[Frame.MAX_PAYLOAD + 1]));
    }

    @Test
    void mutatedChunksAreReadOrRefused() {
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(160)];
            if (random.nextBoolean()) {
                random.nextBytes(bytes);
            }
            for (int i = random.nextInt(6); i > 0 && bytes.length > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                Chunk chunk = Chunk.decode(Buffer.buffer(bytes));
                // what is read is what would be written, but for the CRC
                assertThat(chunk.encode().getBuffer(4, bytes.length))
                        .as("seed %d", seed)
                        .isEqualTo(Buffer.buffer(bytes).getBuffer(4, bytes.length));
            } catch (ProtocolException expected) {
                assertThat(expected.getMessage()).as("seed %d", seed).containsIgnoringCase("chunk");
            }
        }
    }

    @Test
    void anAckIsTwoNumbers() throws ProtocolException {
        Buffer bytes = hex(
                "00 00 00 00 00 00 01 00", // next
                "00 00 00 00 00 40 00 00"); // limit
        assertThat(new Ack(256, 4 * 1024 * 1024).encode()).isEqualTo(bytes);
        assertThat(Ack.decode(bytes)).isEqualTo(new Ack(256, 4 * 1024 * 1024));
        String allowed = "; 16 bytes with two numbers up to 2^63-1 are allowed";
        assertThatThrownBy(() -> Ack.decode(bytes.getBuffer(0, 15))).hasMessage("ACK of 15 bytes" + allowed);
        assertThatThrownBy(() -> Ack.decode(bytes.copy().appendByte((byte) 0))).hasMessage("ACK of 17 bytes" + allowed);
        assertThatThrownBy(() -> Ack.decode(bytes.copy().setLong(0, -1))).hasMessage("ACK of 16 bytes" + allowed);
        assertThatThrownBy(() -> Ack.decode(bytes.copy().setLong(8, -1))).hasMessage("ACK of 16 bytes" + allowed);
    }

    private static Chunk plain(long sequence, Buffer bytes) {
        return new Chunk(sequence, 1, 2, 1, Codec.NONE, bytes.length(), 0, false, Optional.empty(), NOTHING, bytes);
    }

    private static void refused(String message, Buffer payload) {
        assertThatThrownBy(() -> Chunk.decode(payload))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(message);
    }
}
