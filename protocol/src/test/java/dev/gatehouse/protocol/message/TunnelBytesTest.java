package dev.gatehouse.protocol.message;

import static dev.gatehouse.protocol.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.gatehouse.protocol.wire.Ids;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Field numbers and types of tunnels' messages: changing one breaks ends that are written elsewhere. */
class TunnelBytesTest {

    private static final ByteString ID = Ids.bytes(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"));
    private static final ByteString ONE_BYTE = ByteString.copyFrom(new byte[] {5});

    @Test
    void open() {
        assertBytes(
                Open.newBuilder()
                        .setTunnelId(ID)
                        .setResource("db")
                        .setAgentId(ID)
                        .setSecret(ONE_BYTE)
                        .setLimit(300)
                        .setUser("u")
                        .setIdleMillis(1)
                        .setLongestMillis(2)
                        .build(),
                "0a 10 00112233445566778899aabbccddeeff", // tunnel_id = 1
                "12 02 6462", // resource = 2
                "1a 10 00112233445566778899aabbccddeeff", // agent_id = 3
                "22 01 05", // secret = 4
                "28 ac02", // limit = 5: 300
                "32 01 75", // user = 6
                "38 01", // idle_millis = 7
                "40 02"); // longest_millis = 8
    }

    @Test
    void opened() {
        assertBytes(
                Opened.newBuilder()
                        .setAgentId(ID)
                        .setKind("tcp")
                        .setConsumed(1)
                        .setLimit(300)
                        .setResumeMillis(2)
                        .build(),
                "0a 10 00112233445566778899aabbccddeeff", // agent_id = 1
                "12 03 746370", // kind = 2
                "18 01", // consumed = 3
                "20 ac02", // limit = 4
                "28 02"); // resume_millis = 5
    }

    @Test
    void resume() {
        assertBytes(
                Resume.newBuilder()
                        .setTunnelId(ID)
                        .setAgentId(ID)
                        .setResource("db")
                        .setAttachment(2)
                        .setConsumed(3)
                        .setLimit(300)
                        .setProof(ONE_BYTE)
                        .setUser("u")
                        .build(),
                "0a 10 00112233445566778899aabbccddeeff", // tunnel_id = 1
                "12 10 00112233445566778899aabbccddeeff", // agent_id = 2
                "1a 02 6462", // resource = 3
                "20 02", // attachment = 4
                "28 03", // consumed = 5
                "30 ac02", // limit = 6
                "3a 01 05", // proof = 7
                "42 01 75"); // user = 8
    }

    @Test
    void detachedAndClose() {
        assertBytes(
                Detached.newBuilder().setReason("r").setRetryMillis(1).build(),
                "0a 01 72", // reason = 1
                "10 01"); // retry_millis = 2
        assertBytes(
                Close.newBuilder().setCode(CloseCode.FAULT).setDetail("d").build(),
                "08 0f", // code = 1: 15
                "12 01 64"); // detail = 2
    }

    private static void assertBytes(MessageLite message, String... parts) {
        assertThat(Buffer.buffer(message.toByteArray())).isEqualTo(hex(parts));
    }
}
