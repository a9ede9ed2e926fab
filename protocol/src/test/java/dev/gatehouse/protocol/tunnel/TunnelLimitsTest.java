package dev.gatehouse.protocol.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.gatehouse.protocol.message.Close;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.Open;
import dev.gatehouse.protocol.message.Opened;
import dev.gatehouse.protocol.message.Resume;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TunnelLimitsTest {

    private static final ByteString ID = Ids.bytes(new UUID(1, 2));

    private interface Read {
        Object from(Buffer payload) throws ProtocolException;
    }

    private static Open.Builder open() {
        return Open.newBuilder().setTunnelId(ID).setResource("db").setSecret(Proof.newSecret());
    }

    private static Resume.Builder resume() {
        return Resume.newBuilder()
                .setTunnelId(ID)
                .setAgentId(ID)
                .setResource("db")
                .setAttachment(2)
                .setProof(ByteString.copyFrom(new byte[Proof.BYTES]));
    }

    @Test
    void takesWhatIsWithinTheLimits() throws ProtocolException {
        Open open = open().build();
        assertThat(TunnelLimits.open(payload(open))).isEqualTo(open);
        Resume resume = resume().build();
        assertThat(TunnelLimits.resume(payload(resume))).isEqualTo(resume);
    }

    @Test
    void refusesEachFieldOutOfItsLimits() {
        refuses(TunnelLimits::open, open().setTunnelId(ByteString.EMPTY), "OPEN.tunnel_id of 0 bytes; 16 are needed");
        refuses(TunnelLimits::open, open().setResource(""), "OPEN.resource of 0 characters; 1 to 128 are allowed");
        refuses(
                TunnelLimits::open,
                open().setAgentId(ByteString.copyFromUtf8("x")),
                "OPEN.agent_id of 1 bytes; 16 are needed");
        refuses(
                TunnelLimits::open,
                open().setSecret(ByteString.copyFromUtf8("x")),
                "OPEN.secret of 1 bytes; 32 to 32 are allowed");
        refuses(
                TunnelLimits::open,
                open().setLimit(-1),
                "OPEN.limit 18446744073709551615; 0 to 9223372036854775807 are allowed");
        refuses(TunnelLimits::resume, resume().setAttachment(1), "RESUME.attachment 1; 2 to 2147483647 are allowed");
        refuses(
                TunnelLimits::resume,
                resume().setProof(ByteString.EMPTY),
                "RESUME.proof of 0 bytes; 32 to 32 are allowed");
        refuses(
                TunnelLimits::resume,
                resume().setAgentId(ByteString.EMPTY),
                "RESUME.agent_id of 0 bytes; 16 are needed");
        refuses(
                TunnelLimits::opened,
                Opened.newBuilder().setAgentId(ID).setConsumed(-1),
                "OPENED.consumed 18446744073709551615; 0 to 9223372036854775807 are allowed");
        refuses(
                TunnelLimits::close,
                Close.newBuilder().setDetail("x".repeat(1025)),
                "CLOSE.detail of 1025 characters; 0 to 1024 are allowed");
    }

    /** Whatever comes, it is a message or a {@link ProtocolException}. */
    @Test
    void garbageIsRefusedAsSuch() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            Buffer payload = Buffer.buffer(bytes);
            for (Read read : new Read[] {
                TunnelLimits::open,
                TunnelLimits::opened,
                TunnelLimits::resume,
                TunnelLimits::detached,
                TunnelLimits::close,
                Window::decode
            }) {
                try {
                    read.from(payload);
                } catch (ProtocolException refused) {
                    assertThat(refused.code()).isIn(ErrorCode.BAD_MESSAGE, ErrorCode.BAD_FRAME);
                }
            }
        }
    }

    private static void refuses(Read read, MessageLite.Builder message, String why) {
        assertThatThrownBy(() -> read.from(payload(message.build())))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(why);
    }

    private static Buffer payload(MessageLite message) {
        return Buffer.buffer(message.toByteArray());
    }
}
