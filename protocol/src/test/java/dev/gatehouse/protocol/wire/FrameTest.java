package dev.gatehouse.protocol.wire;

import static dev.gatehouse.protocol.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.protocol.message.ErrorCode;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {

    @Test
    void eachFieldHasItsPlace() throws ProtocolException {
        Frame frame = new Frame(FrameType.CHUNK, 0x8000_0007, Buffer.buffer("ab"));
        Buffer bytes = hex(
                "00 00 02", // length of the payload
                "03", // type: CHUNK
                "80 00 00 07", // channel: the highest bit is an ordinary bit
                "61 62"); // payload
        assertThat(frame.encode()).isEqualTo(bytes);
        assertThat(decode(bytes)).contains(frame);
    }

    @ParameterizedTest
    @CsvSource({
        "CONTROL, 00",
        "STREAM_OPEN, 01",
        "STREAM_OPENED, 02",
        "CHUNK, 03",
        "ACK, 04",
        "OPEN, 05",
        "OPENED, 06",
        "RESUME, 07",
        "DETACHED, 08",
        "CLOSE, 09",
        "DATA, 0a",
        "WINDOW, 0b",
        "PING, 0c",
        "PONG, 0d"
    })
    void eachTypeHasItsCode(FrameType type, String code) throws ProtocolException {
        Buffer bytes = hex("00 00 00", code, "00 00 00 01");
        assertThat(new Frame(type, 1, Buffer.buffer()).encode()).isEqualTo(bytes);
        assertThat(decode(bytes)).contains(new Frame(type, 1, Buffer.buffer()));
    }

    @Test
    void pingCarriesEightBytes() throws ProtocolException {
        Buffer bytes = hex(
                "00 00 08", // length
                "0c", // type: PING
                "00 00 00 00", // channel: the link
                "01 02 03 04 05 06 07 08"); // to be echoed in PONG
        assertThat(decode(bytes)).contains(new Frame(FrameType.PING, 0, hex("01 02 03 04 05 06 07 08")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"01 00 01 03 00 00 00 01", "ff ff ff 03 00 00 00 01"})
    void anOversizedFrameIsRefusedByItsHeader(String header) {
        assertThatThrownBy(() -> decode(hex(header)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageMatching("frame of (65537|16777215) bytes; at most 65536 are allowed")
                .extracting(e -> ((ProtocolException) e).code())
                .isEqualTo(ErrorCode.BAD_FRAME);
    }

    @Test
    void anUnknownTypeIsRefusedByItsHeader() {
        assertThatThrownBy(() -> decode(hex("00 ff ff 0e 00 00 00 01"))).hasMessage("frame type 14; 0 to 13 are known");
        assertThatThrownBy(() -> decode(hex("00 00 00 ff 00 00 00 01")))
                .hasMessage("frame type 255; 0 to 13 are known");
    }

    @Test
    void theLongestFrameIsFine() throws ProtocolException {
        Frame frame = new Frame(FrameType.DATA, 1, Buffer.buffer(new byte[Frame.MAX_PAYLOAD]));
        assertThat(decode(frame.encode())).contains(frame);
        assertThatThrownBy(() -> new Frame(FrameType.DATA, 1, Buffer.buffer(new byte[Frame.MAX_PAYLOAD + 1])))
                .hasMessage("DATA of 65537 bytes; at most 65536 are allowed");
    }

    @Test
    void aCutFrameIsNoFrame() throws ProtocolException {
        Buffer whole = new Frame(FrameType.DATA, 1, Buffer.buffer("abc")).encode();
        for (int length = 0; length < whole.length(); length++) {
            FrameDecoder decoder = new FrameDecoder();
            decoder.add(whole.slice(0, length));
            assertThat(decoder.next()).isEmpty();
            assertThat(decoder.insideFrame()).isEqualTo(length > 0);
        }
    }

    private static Optional<Frame> decode(Buffer bytes) throws ProtocolException {
        FrameDecoder decoder = new FrameDecoder();
        decoder.add(bytes);
        Optional<Frame> frame = decoder.next();
        assertThat(decoder.insideFrame()).isFalse();
        return frame;
    }
}
