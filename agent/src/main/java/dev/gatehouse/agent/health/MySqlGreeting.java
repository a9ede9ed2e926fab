package dev.gatehouse.agent.health;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads MySQL's greeting and goes on to a refused login. A client that hangs up after the greeting counts as a broken handshake, and after {@code max_connect_errors} of them the server blocks the host, for people too; a
 * refused user does not count. A user that may log in without a password is logged in and quits.
 */
final class MySqlGreeting implements Conversation {

    private static final int HEAD = 4;
    private static final int MAX_PACKET = 8 * 1024;
    private static final int PROTOCOL = 10;
    private static final int OK = 0x00;
    private static final int MORE_DATA = 0x01;
    private static final int SWITCH = 0xFE;
    private static final int ERROR = 0xFF;

    /** Refusals that are about the server and not about who asks: too many connections, shutdown, host blocked. */
    private static final java.util.Set<Integer> ILL = java.util.Set.of(1040, 1053, 1129);

    private static final int CLIENT_PROTOCOL_41 = 0x0000_0200;
    private static final int CLIENT_SECURE_CONNECTION = 0x0000_8000;
    private static final int CLIENT_PLUGIN_AUTH = 0x0008_0000;
    private static final byte UTF8 = 33;
    private static final int ZEROS = 23;

    private final String user;
    private boolean greeted;

    MySqlGreeting(String user) {
        this.user = user;
    }

    @Override
    public Step heard(Buffer unread) {
        if (unread.length() < HEAD) {
            return MORE;
        }
        int length = unread.getUnsignedMediumLE(0);
        int sequence = unread.getUnsignedByte(HEAD - 1);
        if (length == 0 || length > MAX_PACKET) {
            return new Step.Ill("does not speak MySQL's protocol");
        }
        if (unread.length() < HEAD + length) {
            return MORE;
        }
        int first = unread.getUnsignedByte(HEAD);
        if (first == ERROR) {
            return refused(unread, length);
        }
        if (!greeted) {
            if (first != PROTOCOL) {
                return new Step.Ill("does not speak MySQL's protocol 10");
            }
            greeted = true;
            return new Step.Say(HEAD + length, packet(sequence + 1, login()));
        }
        return switch (first) {
            case OK -> new Step.Well(packet(0, Buffer.buffer(new byte[] {1}))); // COM_QUIT
            case SWITCH -> new Step.Say(HEAD + length, packet(sequence + 1, Buffer.buffer())); // no password, either
            case MORE_DATA -> WELL;
            default -> new Step.Ill("answers a login with packet " + first);
        };
    }

    private static Step refused(Buffer unread, int length) {
        if (length < 3) {
            return new Step.Ill("does not speak MySQL's protocol");
        }
        int code = unread.getUnsignedShortLE(HEAD + 1);
        return ILL.contains(code)
                ? new Step.Ill("MySQL says " + code + " "
                        + unread.getString(HEAD + 3, HEAD + length, StandardCharsets.UTF_8.name()))
                : WELL;
    }

    private Buffer login() {
        return Buffer.buffer()
                .appendIntLE(CLIENT_PROTOCOL_41 | CLIENT_SECURE_CONNECTION | CLIENT_PLUGIN_AUTH)
                .appendIntLE(MAX_PACKET)
                .appendByte(UTF8)
                .appendBytes(new byte[ZEROS])
                .appendString(user)
                .appendByte((byte) 0)
                .appendByte((byte) 0) // an empty password
                .appendString("mysql_native_password")
                .appendByte((byte) 0);
    }

    private static Buffer packet(int sequence, Buffer payload) {
        return Buffer.buffer()
                .appendMediumLE(payload.length())
                .appendUnsignedByte((short) (sequence & 0xFF))
                .appendBuffer(payload);
    }
}
