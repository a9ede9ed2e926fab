package dev.gatehouse.gateway.agentlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LinkNoticeCodecTest {

    private static final LinkNotice NOTICE = new LinkNotice(
            "g-1",
            "h:1",
            "p:2",
            List.of(new LinkNotice.Item(new Claim(new UUID(1, 2), 3, new UUID(4, 5), 1, 6), 7, true)));

    private static final Buffer BYTES = Buffer.buffer(HexFormat.of()
            .parseHex(String.join(
                    "",
                    "02", // version
                    "0003672d31", // gateway id: g-1
                    "0003683a31", // address: h:1
                    "0003703a32", // peer address: p:2
                    "0001", // one item
                    "00000000000000010000000000000002", // agent
                    "0000000000000003", // run
                    "00000000000000040000000000000005", // run id
                    "01", // slot
                    "0000000000000006", // counter
                    "0000000000000007", // since
                    "01"))); // registered

    private final LinkNoticeCodec codec = new LinkNoticeCodec();

    @Test
    void writesAndReadsEachFieldAtItsPlace() {
        Buffer bytes = Buffer.buffer();
        codec.encodeToWire(bytes, NOTICE);
        assertThat(bytes).isEqualTo(BYTES);
        assertThat(codec.decodeFromWire(2, Buffer.buffer("xx").appendBuffer(BYTES)))
                .isEqualTo(NOTICE);
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> codec.decodeFromWire(0, BYTES.copy().setByte(0, (byte) 3)))
                .hasMessage("link notice of version 3; 2 is known");
        assertThatThrownBy(() -> codec.decodeFromWire(0, BYTES.getBuffer(0, BYTES.length() - 1)))
                .hasMessageStartingWith("link notice with 1 items in 57 bytes");
    }
}
