package dev.gatehouse.protocol.link;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.gatehouse.protocol.message.Backlog;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.Heartbeat;
import dev.gatehouse.protocol.message.Hello;
import dev.gatehouse.protocol.message.Renew;
import dev.gatehouse.protocol.message.Resource;
import dev.gatehouse.protocol.message.ResourceHealth;
import dev.gatehouse.protocol.message.Resources;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.message.Watch;
import dev.gatehouse.protocol.message.WatchedLabel;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class MessageLimitsTest {

    @Test
    void goodMessagesPassUpToTheirLimits() {
        assertThatCode(() -> {
                    MessageLimits.check(Samples.hello().setName("ä".repeat(128)).build());
                    MessageLimits.check(Samples.streamOpen()
                            .setKind(StreamKind.FILE)
                            .setName("a/".repeat(512))
                            .setFirst(Long.MAX_VALUE)
                            .build());
                })
                .doesNotThrowAnyException();
    }

    @Test
    void helloNamesWhatIsWrong() {
        hello("HELLO.agent_id of 15 bytes; 16 are needed", b -> b.setAgentId(ByteString.copyFrom(new byte[15])));
        hello("HELLO.run_id of 0 bytes; 16 are needed", b -> b.clearRunId());
        hello("HELLO.name of 0 characters; 1 to 128 are allowed", b -> b.setName(""));
        hello("HELLO.name of 129 characters; 1 to 128 are allowed", b -> b.setName("x".repeat(129)));
        hello("HELLO.name with control character 10; none is allowed", b -> b.setName("x\ny"));
        hello("HELLO.version of 65 characters; 0 to 64 are allowed", b -> b.setVersion("x".repeat(65)));
        hello("HELLO.labels key of 64 characters; 1 to 63 are allowed", b -> b.putLabels("k".repeat(64), ""));
        hello("HELLO.labels value of 256 characters; 0 to 255 are allowed", b -> b.putLabels("k", "v".repeat(256)));
        hello("HELLO.labels with 65 entries; at most 64 are allowed", b -> {
            b.clearLabels();
            for (int i = 0; i < 65; i++) {
                b.putLabels("k" + i, "");
            }
        });
        hello("HELLO.run 0; 1 to 9223372036854775807 are allowed", b -> b.setRun(0));
        hello("HELLO.run 18446744073709551615; 1 to 9223372036854775807 are allowed", b -> b.setRun(-1));
        hello("HELLO.slot 2; 0 to 1 are allowed", b -> b.setSlot(2));
        hello("HELLO.slot 4294967295; 0 to 1 are allowed", b -> b.setSlot(-1));
        hello("HELLO.counter 0; 1 to 9223372036854775807 are allowed", b -> b.setCounter(0));
        hello(
                "HELLO.avoid with 65 entries; at most 64 are allowed",
                b -> b.addAllAvoid(Collections.nCopies(65, "gateway")));
        hello("HELLO.avoid of 0 characters; 1 to 128 are allowed", b -> b.addAvoid(""));
        hello(
                "HELLO.certificate of 8193 bytes; 0 to 8192 are allowed",
                b -> b.setCertificate(ByteString.copyFrom(new byte[8193])));
        hello(
                "HELLO.signature of 257 bytes; 0 to 256 are allowed",
                b -> b.setSignature(ByteString.copyFrom(new byte[257])));
        hello(
                "HELLO.backlog.bytes 18446744073709551615; 0 to 9223372036854775807 are allowed",
                b -> b.setBacklog(Backlog.newBuilder().setBytes(-1)));
    }

    @Test
    void streamOpenNamesWhatIsWrong() {
        open("STREAM_OPEN.stream_id of 17 bytes; 16 are needed", b -> b.setStreamId(ByteString.copyFrom(new byte[17])));
        open("STREAM_OPEN.kind 0; 1 (events) to 4 (file) are known", b -> b.clearKind());
        open("STREAM_OPEN.kind 9; 1 (events) to 4 (file) are known", b -> b.setKindValue(9));
        open("STREAM_OPEN.subject of 256 characters; 0 to 255 are allowed", b -> b.setSubject("x".repeat(256)));
        open("STREAM_OPEN.media_type of 256 characters; 0 to 255 are allowed", b -> b.setMediaType("x".repeat(256)));
        open("STREAM_OPEN.name of 1025 characters; 0 to 1024 are allowed", b -> b.setName("x".repeat(1025)));
        open("STREAM_OPEN.name of 0 characters; 1 to 1024 are allowed", b -> b.setKind(StreamKind.FILE));
        open("STREAM_OPEN.first 18446744073709551615; 0 to 9223372036854775807 are allowed", b -> b.setFirst(-1));
    }

    @Test
    void otherWordsOfAnAgentHaveLimitsToo() {
        control("RENEW.csr of 0 bytes; 1 to 8192 are allowed", b -> b.setRenew(Renew.getDefaultInstance()));
        control(
                "RESOURCES.resources with 257 entries; at most 256 are allowed",
                b -> b.setResources(Resources.newBuilder()
                        .addAllResources(Collections.nCopies(257, Resource.getDefaultInstance()))));
        control(
                "RESOURCES.name of 0 characters; 1 to 63 are allowed",
                b -> b.setResources(Resources.newBuilder().addResources(Resource.getDefaultInstance())));
        control(
                "RESOURCES.name 'a b'; 1 to 63 of A-Z a-z 0-9 . _ -, the first a letter or digit, are allowed",
                b -> b.setResources(Resources.newBuilder()
                        .addResources(Resource.newBuilder().setName("a b").setKind("tcp"))));
        control(
                "RESOURCES bytes 61965; 0 to 61440 are allowed",
                b -> b.setResources(Resources.newBuilder()
                        .addAllResources(Collections.nCopies(
                                255,
                                Resource.newBuilder()
                                        .setName("a")
                                        .setKind("tcp")
                                        .putLabels("k", "v".repeat(223))
                                        .build()))));
        control(
                "RESOURCES.watch: label '*' has the value [x]; only '*': '*' is allowed, which is everything",
                b -> b.setResources(Resources.newBuilder()
                        .addWatch(Watch.newBuilder()
                                .addLabels(WatchedLabel.newBuilder().setKey("*").addValues("x")))));
        control(
                "HEARTBEAT.health.detail of 101 characters; 0 to 100 are allowed",
                b -> b.setHeartbeat(Heartbeat.newBuilder()
                        .addHealth(ResourceHealth.newBuilder().setName("db").setDetail("x".repeat(101)))));
        control(
                "HEARTBEAT.health.tunnels 4294967295; 0 to 1000000 are allowed",
                b -> b.setHeartbeat(Heartbeat.newBuilder()
                        .addHealth(ResourceHealth.newBuilder().setName("db").setTunnels(-1))));
    }

    @Test
    void whatCannotBeDecodedIsABadMessage() {
        refused(
                "STREAM_OPEN of 2 bytes cannot be decoded: ",
                () -> MessageLimits.parse("STREAM_OPEN", StreamOpen.parser(), Buffer.buffer(new byte[] {10, 99})));
    }

    private interface Change<B> {
        void to(B builder);
    }

    private static void hello(String message, Change<Hello.Builder> change) {
        Hello.Builder hello = Samples.hello();
        change.to(hello);
        refused(message, () -> MessageLimits.check(hello.build()));
    }

    private static void open(String message, Change<StreamOpen.Builder> change) {
        StreamOpen.Builder open = Samples.streamOpen();
        change.to(open);
        refused(message, () -> MessageLimits.check(open.build()));
    }

    private static void control(String message, Change<Control.Builder> change) {
        Control.Builder control = Control.newBuilder();
        change.to(control);
        refused(message, () -> MessageLimits.check(control.build()));
    }

    private static void refused(String message, ThrowingCallable check) {
        assertThatThrownBy(check)
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith(message)
                .extracting(e -> ((ProtocolException) e).code())
                .isEqualTo(ErrorCode.BAD_MESSAGE);
    }
}
