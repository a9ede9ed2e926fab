package dev.gatehouse.shared.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BusCodecsTest {

    private static final UUID STREAM = new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L);
    private static final ChunkBatch.Sender SENDER = new ChunkBatch.Sender("g1", 2, 3);

    private static final String[] BATCH = {
        "01", // version
        "02 67 31", // sender: node id "g1"
        "00 00 00 02", // sender: instance
        "00 00 00 00 00 00 00 03", // sender: epoch
        "00 00 00 00 00 00 00 07", // number
        "00 00 00 01", // one chunk
        "01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10", // its stream
        "00 00 00 02", // its length
        "aa bb", // its payload
    };

    private final ChunkBatchCodec batches = new ChunkBatchCodec();
    private final ProgressCodec progresses = new ProgressCodec();
    private final StreamOpeningCodec openings = new StreamOpeningCodec();
    private final ReplyCodec replies = new ReplyCodec();

    @Test
    void aBatchIsTheseBytes() {
        ChunkBatch batch = new ChunkBatch(SENDER, 7, List.of(new ChunkBatch.Item(STREAM, hex("aa bb"))));
        Buffer bytes = Buffer.buffer();
        batches.encodeToWire(bytes, batch);
        assertThat(bytes).isEqualTo(hex(BATCH));
        assertThat(batches.decodeFromWire(0, bytes)).isEqualTo(batch);
        assertThat(batches.decodeFromWire(2, hex("ff ff").appendBuffer(bytes))).isEqualTo(batch);
        assertThat(batches.transform(batch)).as("inside a process").isSameAs(batch);
    }

    @Test
    void aProgressIsTheseBytes() {
        Progress progress = new Progress("w", List.of(new Progress.Item(STREAM, 9, Progress.Fault.GAP)));
        Buffer bytes = Buffer.buffer();
        progresses.encodeToWire(bytes, progress);
        assertThat(bytes)
                .isEqualTo(hex(
                        "01", // version
                        "01 77", // worker id "w"
                        "00 00 00 01", // one stream
                        "01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10", // its id
                        "00 00 00 00 00 00 00 09", // next
                        "02")); // fault: GAP
        assertThat(progresses.decodeFromWire(0, bytes)).isEqualTo(progress);
    }

    @Test
    void anOpeningIsTheseBytes() {
        StreamOpening opening = new StreamOpening(SENDER, STREAM, hex("cc"));
        Buffer bytes = Buffer.buffer();
        openings.encodeToWire(bytes, opening);
        assertThat(bytes)
                .isEqualTo(hex(
                        "01", // version
                        "02 67 31 00 00 00 02 00 00 00 00 00 00 00 03", // sender
                        "01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10", // agent
                        "00 00 00 01 cc")); // StreamOpen
        assertThat(openings.decodeFromWire(0, bytes)).isEqualTo(opening);
    }

    @Test
    void aReplyIsAByte() {
        for (ChunkBatch.Reply reply : ChunkBatch.Reply.values()) {
            Buffer bytes = Buffer.buffer();
            replies.encodeToWire(bytes, reply);
            assertThat(bytes.length()).isEqualTo(1);
            assertThat(replies.decodeFromWire(0, bytes)).isEqualTo(reply);
        }
        refused(() -> replies.decodeFromWire(0, hex("03")), "reply 3; 0 to 2 are known");
    }

    @Test
    void everyTruncationIsRefused() {
        Buffer whole = hex(BATCH);
        for (int length = 0; length < whole.length(); length++) {
            Buffer part = whole.getBuffer(0, length);
            assertThatExceptionOfType(MalformedMessageException.class)
                    .as("%d of %d bytes", length, whole.length())
                    .isThrownBy(() -> batches.decodeFromWire(0, part));
        }
    }

    @Test
    void wrongFieldsAreRefusedByName() {
        long before = LocalCodec.malformed.sum();
        refused(() -> batches.decodeFromWire(0, changed(0, "02")), "version 2; 1 is known");
        assertThat(LocalCodec.malformed.sum()).as("counted").isGreaterThan(before);
        refused(
                () -> batches.decodeFromWire(0, changed(5, "ff ff ff ff")),
                "chunk count 4294967295; at most " + ChunkBatchCodec.MAX_ITEMS + " is allowed");
        refused(
                () -> batches.decodeFromWire(0, changed(7, "00 01 00 01")),
                "payload length 65537; at most 65536 is allowed");
        refused(
                () -> batches.decodeFromWire(0, changed(7, "00 00 00 03")),
                "the message ends within payload of 3 bytes, 2 bytes are left");
        refused(
                () -> batches.decodeFromWire(0, hex(BATCH).appendByte((byte) 0)),
                "1 bytes after the end of the message; none are allowed");
    }

    @Test
    void aBatchThatIsTooLargeIsRefused() {
        ChunkBatch.Item item = new ChunkBatch.Item(STREAM, Buffer.buffer(new byte[65_536]));
        Buffer bytes = Buffer.buffer();
        batches.encodeToWire(bytes, new ChunkBatch(SENDER, 1, Collections.nCopies(17, item)));
        refused(
                () -> batches.decodeFromWire(0, bytes),
                "batch with 1114112 bytes of payloads; at most 1048576 are allowed");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable decoding, String message) {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(decoding)
                .withMessage(message);
    }

    private static Buffer changed(int part, String bytes) {
        String[] parts = Arrays.copyOf(BATCH, BATCH.length);
        parts[part] = bytes;
        return hex(parts);
    }

    private static Buffer hex(String... parts) {
        return Buffer.buffer(HexFormat.of().parseHex(String.join("", parts).replace(" ", "")));
    }
}
