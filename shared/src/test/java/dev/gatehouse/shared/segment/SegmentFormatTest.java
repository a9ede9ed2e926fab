package dev.gatehouse.shared.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SegmentFormatTest {

    private static final UUID WRITER = UUID.fromString("0192cccc-0000-7000-8000-000000000003");
    private static final UUID SEGMENT = UUID.fromString("0192aaaa-0000-7000-8000-000000000001");
    private static final UUID STREAM = UUID.fromString("0192bbbb-0000-7000-8000-000000000002");

    private final SegmentWriter writer = new SegmentWriter(new SegmentHead(WRITER, SEGMENT, 0x0102));

    @Test
    void anObjectIsHeadBlocksFooterTrailer() {
        Buffer payload = Buffer.buffer("abc");
        SegmentEntry entry = writer.add(
                STREAM,
                5,
                payload,
                new ChunkFacts(
                        ChunkFacts.State.QUARANTINED, 16, 17, 2, 1, ChunkFacts.FIN, 0x0a0b0c0d, 3, 0x2000, 0x3000));
        assertThat(entry.blockOffset()).isZero();

        String head = "0001 0000" // version, reserved
                + "0192cccc000070008000000000000003" // writer id
                + "0192aaaa000070008000000000000001" // segment id
                + "0000000000000102"; // created at
        String entryBytes = "0192aaaa000070008000000000000001" // origin segment
                + "00000000" // index
                + "0192bbbb000070008000000000000002" // stream id
                + "0000000000000005" // sequence
                + "00000000" // block offset, from the first block on
                + "00000053" // block length: 80 + 3
                + "0000000000000010" // first time
                + "0000000000000011" // last time
                + "00000002" // records
                + "01" // codec
                + "02" // flags: FIN
                + "01" // state: quarantined
                + "00" // reserved
                + "0a0b0c0d" // crc
                + "00000003" // length
                + "00002000" // plain length
                + "0000000000003000"; // content offset
        Buffer object = join();
        int footerAt = SegmentHead.BYTES + 83;
        assertThat(object.slice(0, 48)).isEqualTo(hex("47485347" + head));
        assertThat(object.slice(48, footerAt)).isEqualTo(writer.inline());
        assertThat(object.slice(footerAt, footerAt + 48 + 96)).isEqualTo(hex("47485346" + head + entryBytes));
        assertThat(object.slice(footerAt + 144, object.length()))
                .isEqualTo(hex(
                        "00000090" // footer length: 48 + 96
                                + "00000001" // entries
                                + HexFormat.of()
                                        .toHexDigits(new Crc()
                                                .add(object, footerAt, footerAt + 144)
                                                .take())
                                + "47485354"));
    }

    @Test
    void readsBackWhatWasAdded() throws SegmentException {
        for (int i = 0; i < 100; i++) {
            Buffer payload = chunk(i, "chunk " + i);
            writer.add(STREAM, i, payload, ChunkFacts.of(payload));
        }
        assertThat(index(join()).entries()).isEqualTo(writer.entries());
        assertThat(index(join()).blocksLength()).isEqualTo(writer.length());
        assertThat(index(join()).head()).isEqualTo(writer.head());
    }

    @Test
    void noChangedByteOfFooterOrTrailerGoesUnnoticed() {
        writer.add(STREAM, 0, chunk(0, "x"), ChunkFacts.of(chunk(0, "x")));
        Buffer object = join();
        for (int at = SegmentHead.BYTES + writer.length(); at < object.length(); at++) {
            Buffer changed = object.copy().setByte(at, (byte) (object.getByte(at) ^ 1));
            assertThatThrownBy(() -> index(changed)).as("byte %d", at).isInstanceOf(SegmentException.class);
        }
    }

    @Test
    void aTrailerCannotAskForMoreThanTheObjectHolds() {
        Buffer trailer = SegmentTrailer.encode(SegmentHead.BYTES + 2 * SegmentEntry.BYTES, 2, 0);
        assertThatThrownBy(() -> SegmentTrailer.decode(trailer, 300))
                .hasMessage("footer of 240 bytes with 2 entries in an object of 300 bytes; at most 1048576 entries"
                        + " of 96 bytes are allowed");
        assertThatThrownBy(() -> SegmentTrailer.decode(trailer.setInt(4, -1), Long.MAX_VALUE))
                .isInstanceOf(SegmentException.class);
    }

    @Test
    void factsTellDamagedFromQuarantined() {
        Buffer whole = chunk(3, "content");
        assertThat(ChunkFacts.of(whole).state()).isEqualTo(ChunkFacts.State.WHOLE);
        Buffer flipped = whole.copy().setByte(50, (byte) ~whole.getByte(50));
        assertThat(ChunkFacts.of(flipped).state()).isEqualTo(ChunkFacts.State.QUARANTINED);
        assertThat(ChunkFacts.of(Buffer.buffer("short")).state()).isEqualTo(ChunkFacts.State.DAMAGED);
    }

    @Test
    void timesAreHeldWithinWhatARowCanStore() {
        Buffer payload = new Chunk(
                        0,
                        Long.MIN_VALUE,
                        Long.MAX_VALUE,
                        1,
                        Codec.NONE,
                        0,
                        0,
                        false,
                        Optional.empty(),
                        Buffer.buffer(),
                        Buffer.buffer())
                .encode();
        assertThat(ChunkFacts.of(payload).firstTime()).isEqualTo(ChunkFacts.EARLIEST);
        assertThat(ChunkFacts.of(payload).lastTime()).isEqualTo(ChunkFacts.LATEST);
    }

    private static SegmentIndex index(Buffer object) throws SegmentException {
        int end = object.length() - SegmentTrailer.BYTES;
        SegmentTrailer trailer = SegmentTrailer.decode(object.slice(end, object.length()), object.length());
        return SegmentIndex.decode(object.slice(end - trailer.footerLength(), end), trailer, object.length());
    }

    private Buffer join() {
        Buffer joined = Buffer.buffer();
        writer.object().forEach(joined::appendBuffer);
        return joined;
    }

    private static Buffer chunk(long sequence, String content) {
        return new Chunk(
                        sequence,
                        1,
                        2,
                        1,
                        Codec.NONE,
                        content.length(),
                        0,
                        true,
                        Optional.empty(),
                        Buffer.buffer(),
                        Buffer.buffer(content))
                .encode();
    }

    private static Buffer hex(String digits) {
        return Buffer.buffer(HexFormat.of().parseHex(digits.replace(" ", "")));
    }
}
