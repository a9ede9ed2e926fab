package dev.gatehouse.protocol.message;

import static dev.gatehouse.protocol.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.gatehouse.protocol.link.MessageLimits;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Field numbers and types that agents written elsewhere rely on: changing one breaks them. */
class MessageBytesTest {

    private static final UUID ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

    @Test
    void hello() {
        assertBytes(
                Control.newBuilder()
                        .setHello(Hello.newBuilder()
                                .setMinor(1)
                                .setAgentId(Ids.bytes(ID))
                                .setName("a7")
                                .setVersion("1")
                                .putLabels("k", "v")
                                .setRun(300)
                                .setRunId(Ids.bytes(ID))
                                .setSlot(1)
                                .setCounter(2)
                                .addAvoid("g1")
                                .setCertificate(ByteString.copyFrom(new byte[] {5}))
                                .setSignature(ByteString.copyFrom(new byte[] {6}))
                                .setBacklog(Backlog.newBuilder()
                                        .setBytes(7)
                                        .setChunks(8)
                                        .setRefusedBytes(9)))
                        .build(),
                "12 4e", // Control.hello = 2, 78 bytes
                "08 01", // minor = 1
                "12 10 00112233445566778899aabbccddeeff", // agent_id = 2
                "1a 02 6137", // name = 3
                "22 01 31", // version = 4
                "2a 06 0a01 6b 1201 76", // labels = 5: key 1, value 2
                "30 ac02", // run = 6: 300
                "3a 10 00112233445566778899aabbccddeeff", // run_id = 7
                "40 01", // slot = 8
                "48 02", // counter = 9
                "52 02 6731", // avoid = 10
                "5a 01 05", // certificate = 11
                "62 01 06", // signature = 12
                "6a 06 0807 1008 1809"); // backlog = 13
    }

    @Test
    void welcome() {
        assertBytes(
                Control.newBuilder()
                        .setWelcome(Welcome.newBuilder()
                                .setMinor(0)
                                .setGatewayId("g1")
                                .setVersion("1")
                                .setCaptureLimit(4096)
                                .addGateways(
                                        GatewayAddress.newBuilder().setId("g2").setAddress("h:1"))
                                .setTime(1)
                                .setHeartbeatMillis(5000))
                        .build(),
                "1a 1a", // Control.welcome = 3
                "12 02 6731", // gateway_id = 2; minor 0 is not written
                "1a 01 31", // version = 3
                "20 8020", // capture_limit = 4
                "2a 09 0a02 6732 1203 683a31", // gateways = 5: id 1, address 2
                "30 01", // time = 6
                "38 8827"); // heartbeat_millis = 7
    }

    @Test
    void shortControlMessages() {
        assertBytes(
                Control.newBuilder()
                        .setChallenge(Challenge.newBuilder().setNonce(ByteString.copyFrom(new byte[] {1})))
                        .build(),
                "0a 03 0a 01 01");
        assertBytes(
                Control.newBuilder()
                        .setHeartbeat(Heartbeat.newBuilder()
                                .setTime(1)
                                .setBacklog(Backlog.newBuilder().setBytes(2))
                                .setLedgerNote("n"))
                        .build(),
                "22 09 0801 1202 0802 1a01 6e");
        assertBytes(
                Control.newBuilder()
                        .setGoAway(GoAway.newBuilder().setReason("r").setAfterMillis(1))
                        .build(),
                "4a 05 0a01 72 1001");
        assertBytes(
                Control.newBuilder()
                        .setError(LinkError.newBuilder()
                                .setCode(ErrorCode.STALE_RUN)
                                .setDetail("d")
                                .setRetryMillis(1)
                                .setKnownRun(2))
                        .build(),
                "52 09 0807 1201 64 1801 2002");
        assertBytes(
                Control.newBuilder()
                        .setRewind(Rewind.newBuilder().setReason("r"))
                        .build(),
                "5a 03 0a01 72");
        assertBytes(
                Control.newBuilder()
                        .setRenew(Renew.newBuilder().setCsr(ByteString.copyFrom(new byte[] {1})))
                        .build(),
                "62 03 0a01 01");
        assertBytes(
                Control.newBuilder()
                        .setRenewed(Renewed.newBuilder()
                                .setCertificate(ByteString.copyFrom(new byte[] {1}))
                                .addChain(ByteString.copyFrom(new byte[] {2}))
                                .setDetail("d"))
                        .build(),
                "6a 09 0a01 01 1201 02 1a01 64");
    }

    @Test
    void streams() {
        assertBytes(
                StreamOpen.newBuilder()
                        .setStreamId(Ids.bytes(ID))
                        .setKind(StreamKind.FILE)
                        .setSubject("s")
                        .setMediaType("m")
                        .setName("n")
                        .setFirst(1)
                        .setOpenedAt(2)
                        .build(),
                "0a 10 00112233445566778899aabbccddeeff", // stream_id = 1
                "10 04", // kind = 2
                "1a 01 73", // subject = 3
                "22 01 6d", // media_type = 4
                "2a 01 6e", // name = 5
                "30 01", // first = 6
                "38 02"); // opened_at = 7
        assertBytes(
                StreamOpened.newBuilder()
                        .setState(StreamState.REFUSED)
                        .setNext(5)
                        .setDetail("d")
                        .build(),
                "08 03 10 05 1a 01 64");
        assertBytes(
                StreamOpened.newBuilder().setNext(5).setLastCrc(0x01020304).build(),
                "10 05", // next = 2; state 0 is not written
                "25 04030201"); // last_crc = 4: fixed 32 bits, little-endian
        assertBytes(
                StreamOpened.newBuilder().setLastCrc(0).build(), // a CRC of 0 is there all the same
                "25 00000000");
    }

    @Test
    void anEventIsDelimitedByItsLength() throws IOException {
        Event event = Event.newBuilder()
                .setTime(1)
                .setKind("log")
                .setUser("u")
                .setApplication("a")
                .setTitle("t")
                .setText("x")
                .putAttributes("k", "v")
                .setDurationMicros(2)
                .build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        event.writeDelimitedTo(bytes);
        assertThat(Buffer.buffer(bytes.toByteArray()))
                .isEqualTo(hex(
                        "1d", // 29 bytes follow
                        "08 01", // time = 1
                        "12 03 6c6f67", // kind = 2
                        "1a 01 75", // user = 3
                        "22 01 61", // application = 4
                        "2a 01 74", // title = 5
                        "32 01 78", // text = 6
                        "3a 06 0a01 6b 1201 76", // attributes = 7
                        "40 02")); // duration_micros = 8
    }

    @Test
    void idsAreSixteenBytes() throws ProtocolException {
        assertThat(Ids.uuid("X", Ids.bytes(ID))).isEqualTo(ID);
        assertThatThrownBy(() -> Ids.uuid("X.id", ByteString.copyFrom(new byte[3])))
                .hasMessage("X.id of 3 bytes; 16 are needed");
    }

    @Test
    void garbageIsABadMessageAndNothingElse() {
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            try {
                MessageLimits.parse("CONTROL", Control.parser(), Buffer.buffer(bytes));
                MessageLimits.check(MessageLimits.parse("STREAM_OPEN", StreamOpen.parser(), Buffer.buffer(bytes)));
            } catch (ProtocolException expected) {
                assertThat(expected.code()).as("seed %d", seed).isEqualTo(ErrorCode.BAD_MESSAGE);
            }
        }
    }

    private static void assertBytes(MessageLite message, String... bytes) {
        HexFormat format = HexFormat.of(); // a difference of texts can be read
        assertThat(format.formatHex(message.toByteArray()))
                .isEqualTo(format.formatHex(hex(bytes).getBytes()));
        try {
            assertThat(message.getParserForType().parseFrom(hex(bytes).getBytes()))
                    .isEqualTo(message);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
