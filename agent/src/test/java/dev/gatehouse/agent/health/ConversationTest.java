package dev.gatehouse.agent.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.agent.health.Conversation.Step;
import dev.gatehouse.protocol.resource.ResourceAddress;
import dev.gatehouse.protocol.resource.ResourceKind;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** What is said to servers and made of their answers, byte by byte. */
class ConversationTest {

    @Test
    void postgresIsAskedWithAStartUpPacket() {
        assertThat(new PostgresStartup("me").hello())
                .isEqualTo(hex(
                        "00 00 00 45", // length 69, itself included
                        "00 03 00 00", // protocol 3.0
                        "75 73 65 72 00 6d 65 00", // user: me
                        "64 61 74 61 62 61 73 65 00 70 6f 73 74 67 72 65 73 00", // database: postgres
                        "61 70 70 6c 69 63 61 74 69 6f 6e 5f 6e 61 6d 65 00", // application_name
                        "67 61 74 65 68 6f 75 73 65 20 68 65 61 6c 74 68 00", // gatehouse health
                        "00"));
        Conversation asked = new PostgresStartup("me");
        assertThat(asked.heard(Buffer.buffer())).isEqualTo(Conversation.MORE);
        assertThat(asked.heard(hex("52 00 00 00 08 00 00 00"))).isEqualTo(Conversation.MORE);
        // wants a password (SCRAM): the connection is just closed
        assertThat(asked.heard(hex("52 00 00 00 08 00 00 00 0a"))).isEqualTo(Conversation.WELL);
        // lets in: Terminate
        assertThat(asked.heard(hex("52 00 00 00 08 00 00 00 00"))).isEqualTo(new Step.Well(hex("58 00 00 00 04")));
        assertThat(asked.heard(error("28P01", "no"))).isEqualTo(Conversation.WELL);
        assertThat(asked.heard(error("57P03", "the database system is starting up")))
                .isEqualTo(new Step.Ill("PostgreSQL says 57P03 the database system is starting up"));
        assertThat(asked.heard(error("53300", "sorry, too many clients already")))
                .isInstanceOf(Step.Ill.class);
        assertThat(asked.heard(Buffer.buffer("HTTP/1.1 400 Bad Request\r\n")))
                .isEqualTo(new Step.Ill("does not speak PostgreSQL's protocol"));
        assertThat(asked.heard(hex("52 ff ff ff ff"))).isInstanceOf(Step.Ill.class);
    }

    private static Buffer error(String state, String message) {
        Buffer fields = Buffer.buffer("SFATAL\0C" + state + "\0M" + message + "\0\0");
        return Buffer.buffer("E").appendInt(fields.length() + 4).appendBuffer(fields);
    }

    @Test
    void mysqlIsGreetedBackAndLeftPolitely() {
        Conversation greeting = new MySqlGreeting("me");
        assertThat(greeting.hello()).isEqualTo(Buffer.buffer());
        Buffer hello =
                hex("0a", "38 2e 34 00", "00 00 00 00"); // protocol 10, version 8.4, and more that does not matter
        Buffer packet = hex("09 00 00 00").appendBuffer(hello);
        assertThat(greeting.heard(packet.getBuffer(0, 12))).isEqualTo(Conversation.MORE);
        // the whole greeting is taken, and answered with a login
        assertThat(greeting.heard(packet))
                .isEqualTo(new Step.Say(
                        13,
                        hex(
                                "3a 00 00 01", // 58 bytes, the packet after the greeting
                                "00 82 08 00", // protocol 4.1, secure connection, plugin
                                "00 20 00 00", // packets of at most 8 KiB
                                "21", // UTF-8
                                "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
                                "6d 65 00", // me
                                "00", // no password
                                "6d 79 73 71 6c 5f 6e 61 74 69 76 65 5f 70 61 73 73 77 6f 72 64 00")));
        // another plugin: no password there, either
        assertThat(greeting.heard(hex("02 00 00 02 fe 00"))).isEqualTo(new Step.Say(6, hex("00 00 00 03")));
        // access denied: the handshake is complete, the server is well
        assertThat(greeting.heard(hex("07 00 00 04 ff 15 04 23 32 38 30"))).isEqualTo(Conversation.WELL);
        // let in: COM_QUIT
        assertThat(greeting.heard(hex("07 00 00 04 00 00 00 02 00 00 00")))
                .isEqualTo(new Step.Well(hex("01 00 00 00 01")));
    }

    @Test
    void mysqlThatServesNobodyIsIll() {
        assertThat(new MySqlGreeting("me").heard(hex("05 00 00 00 ff 69 04 6e 6f")))
                .isEqualTo(new Step.Ill("MySQL says 1129 no"));
        assertThat(new MySqlGreeting("me").heard(hex("01 00 00 00 09")))
                .isEqualTo(new Step.Ill("does not speak MySQL's protocol 10"));
        assertThat(new MySqlGreeting("me").heard(Buffer.buffer("SSH-2.0-x\r\n")))
                .isEqualTo(new Step.Ill("does not speak MySQL's protocol"));
    }

    @Test
    void redisAnswersAPing() {
        RedisPing ping = new RedisPing();
        assertThat(ping.hello()).isEqualTo(Buffer.buffer("*1\r\n$4\r\nPING\r\n"));
        assertThat(ping.heard(Buffer.buffer("+PON"))).isEqualTo(Conversation.MORE);
        assertThat(ping.heard(Buffer.buffer("+PONG\r\n"))).isEqualTo(Conversation.WELL);
        assertThat(ping.heard(Buffer.buffer("-NOAUTH Authentication required.\r\n")))
                .isEqualTo(Conversation.WELL);
        assertThat(ping.heard(Buffer.buffer("-LOADING Redis is loading\r\n")))
                .isEqualTo(new Step.Ill("Redis says LOADING Redis is loading"));
        assertThat(ping.heard(Buffer.buffer("hello\r\n"))).isEqualTo(new Step.Ill("does not speak Redis' protocol"));
    }

    @Test
    void sshSaysWhoItIs() {
        SshBanner banner = new SshBanner();
        assertThat(banner.heard(Buffer.buffer("Welcome\r\nSSH-2.0-Open"))).isEqualTo(Conversation.MORE);
        assertThat(banner.heard(Buffer.buffer("Welcome\r\nSSH-2.0-OpenSSH_9.2\r\n")))
                .isEqualTo(Conversation.WELL);
        assertThat(banner.heard(Buffer.buffer("SSH-1.5-old\r\n")))
                .isEqualTo(new Step.Ill("speaks an old SSH: SSH-1.5-old"));
        assertThat(banner.heard(Buffer.buffer("x".repeat(8192)))).isEqualTo(new Step.Ill("does not speak SSH"));
    }

    @Test
    void aPageIsWellBelow500() {
        HttpGet get = new HttpGet(ResourceAddress.of(ResourceKind.WEB, "http://wiki:8080"), "/ping");
        assertThat(get.hello()).isEqualTo(Buffer.buffer("""
                        GET /ping HTTP/1.1\r
                        Host: wiki:8080\r
                        User-Agent: gatehouse-health\r
                        Connection: close\r
                        \r
                        """));
        assertThat(get.heard(Buffer.buffer("HTTP/1.1 401 Unauthorized\r\n"))).isEqualTo(Conversation.WELL);
        assertThat(get.heard(Buffer.buffer("HTTP/1.1 503 Service Unavailable\r\n")))
                .isEqualTo(new Step.Ill("GET /ping is answered with 503"));
        assertThat(get.heard(Buffer.buffer("nonsense\r\n"))).isInstanceOf(Step.Ill.class);
    }

    private static Buffer hex(String... parts) {
        return Buffer.buffer(HexFormat.of().parseHex(String.join("", parts).replace(" ", "")));
    }
}
