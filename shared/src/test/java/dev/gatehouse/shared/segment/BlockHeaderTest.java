package dev.gatehouse.shared.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BlockHeaderTest {

    private static final UUID ORIGIN = UUID.fromString("0192aaaa-0000-7000-8000-000000000001");
    private static final UUID STREAM = UUID.fromString("0192bbbb-0000-7000-8000-000000000002");

    private static final Buffer BLOCK = hex(
            "47 48 42 4b", // "GHBK"
            "01", // version
            "00", // cipher: none
            "00 00", // reserved
            "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00", // key id: none
            "01 92 aa aa 00 00 70 00 80 00 00 00 00 00 00 01", // origin segment
            "00 00 00 07", // index
            "01 92 bb bb 00 00 70 00 80 00 00 00 00 00 00 02", // stream id
            "00 00 00 01 00 00 00 05", // sequence
            "00 00 00 03", // stored length
            "00 00 00 03", // plain length
            "aa f8 a8 4c", // CRC32C of the header up to here and the stored bytes
            "61 62 63"); // the chunk's payload

    private final Crc crc = new Crc();

    @Test
    void writesEachFieldInItsPlace() {
        Buffer payload = Buffer.buffer("abc");
        BlockHeader header = BlockHeader.plain(ORIGIN, 7, STREAM, 0x1_0000_0005L, payload.length());
        assertThat(header.encode(payload, crc).appendBuffer(payload)).isEqualTo(BLOCK);
    }

    @Test
    void readsWhatWasWrittenWhereverItLies() throws SegmentException {
        Buffer bytes = Buffer.buffer("before").appendBuffer(BLOCK).appendString("after");
        BlockHeader header = BlockHeader.decode(bytes, 6);
        assertThat(header).isEqualTo(BlockHeader.plain(ORIGIN, 7, STREAM, 0x1_0000_0005L, 3));
        assertThat(header.payload(bytes, 6, crc)).isEqualTo(Buffer.buffer("abc"));
    }

    @Test
    void noChangedByteGoesUnnoticed() {
        for (int at = 0; at < BLOCK.length(); at++) {
            Buffer changed = BLOCK.copy().setByte(at, (byte) (BLOCK.getByte(at) ^ 0x10));
            assertThatThrownBy(() -> BlockHeader.decode(changed, 0).payload(changed, 0, crc))
                    .as("byte %d", at)
                    .isInstanceOf(SegmentException.class);
        }
    }

    @Test
    void refusesWhatIsCutOffAnywhere() {
        for (int length = 0; length < BLOCK.length(); length++) {
            Buffer cut = BLOCK.slice(0, length);
            assertThatThrownBy(() -> BlockHeader.decode(cut, 0).payload(cut, 0, crc))
                    .as("%d bytes", length)
                    .isInstanceOf(SegmentException.class);
        }
    }

    @Test
    void namesTheValueAndWhatIsAllowed() {
        assertThatThrownBy(() -> BlockHeader.decode(BLOCK.copy().setByte(5, (byte) 1), 0))
                .hasMessage("block of version 1, cipher 1; version 1, cipher 0 are known");
        assertThatThrownBy(() -> BlockHeader.decode(BLOCK.copy().setInt(68, -1), 0))
                .hasMessage("block of 4294967295 bytes stored, 3 plain; the same, at most 66560, are allowed");
    }

    private static Buffer hex(String... parts) {
        return Buffer.buffer(HexFormat.of().parseHex(String.join("", parts).replace(" ", "")));
    }
}
