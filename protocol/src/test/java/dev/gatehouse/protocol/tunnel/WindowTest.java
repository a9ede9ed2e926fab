package dev.gatehouse.protocol.tunnel;

import static dev.gatehouse.protocol.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class WindowTest {

    private static final Buffer BYTES = hex(
            "00 00 00 00 00 00 01 02", // consumed: 258
            "00 00 00 00 00 04 01 02", // limit: 262,402
            "00 00 00 07", // probe
            "80 00 00 01"); // echo: the highest bit is an ordinary bit

    @Test
    void writesAndReadsEachFieldAtItsPlace() throws ProtocolException {
        Window window = new Window(258, 262_402, 7, 0x8000_0001);
        assertThat(window.encode()).isEqualTo(BYTES);
        assertThat(Window.decode(BYTES)).isEqualTo(window);
    }

    @Test
    void refusesWhatIsTooShortOrNegative() {
        assertThatThrownBy(() -> Window.decode(BYTES.slice(0, 23))).hasMessage("WINDOW of 23 bytes; 24 are needed");
        assertThatThrownBy(() -> Window.decode(Window.of(-1, 5).encode()))
                .hasMessage("WINDOW of 18446744073709551615 consumed, limit 5; 0 to 2^63-1 are allowed")
                .extracting(e -> ((ProtocolException) e).code())
                .isEqualTo(ErrorCode.BAD_MESSAGE);
    }
}
