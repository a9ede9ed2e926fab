package dev.gatehouse.agent.health;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * A start-up packet, as {@code pg_isready} sends one: a server that asks for a password, or refuses this user or database, is well; one that starts up, shuts down or has no connection left is not. The connection is closed
 * where the server expects a client to change its mind, so that it logs nothing.
 */
final class PostgresStartup implements Conversation {

    /** SQLSTATEs of a server that serves nobody now: cannot_connect_now, too_many_connections, shutdown and crash. */
    private static final Set<String> ILL = Set.of("57P03", "53300", "57P01", "57P02", "58000", "XX000");

    private static final int PROTOCOL_3_0 = 196_608;
    private static final int HEAD = 5;
    private static final Buffer TERMINATE = Buffer.buffer(new byte[] {'X', 0, 0, 0, 4});
    private static final int MAX_MESSAGE = 8 * 1024;

    private final String user;

    PostgresStartup(String user) {
        this.user = user;
    }

    @Override
    public Buffer hello() {
        Buffer parameters = Buffer.buffer().appendInt(PROTOCOL_3_0);
        for (String text :
                new String[] {"user", user, "database", "postgres", "application_name", "gatehouse health"}) {
            parameters.appendString(text).appendByte((byte) 0);
        }
        parameters.appendByte((byte) 0);
        return Buffer.buffer().appendInt(parameters.length() + Integer.BYTES).appendBuffer(parameters);
    }

    @Override
    public Step heard(Buffer unread) {
        if (unread.length() < HEAD) {
            return MORE;
        }
        byte type = unread.getByte(0);
        int length = unread.getInt(1);
        if (length < Integer.BYTES || length > MAX_MESSAGE || (type != 'R' && type != 'E')) {
            return new Step.Ill("does not speak PostgreSQL's protocol");
        }
        if (unread.length() < length + 1) {
            return MORE;
        }
        if (type == 'E') {
            return refused(unread.slice(HEAD, length + 1));
        }
        return unread.getInt(HEAD) == 0 ? new Step.Well(TERMINATE) : WELL; // asked for a password: just go
    }

    /** Fields of an ErrorResponse: a letter, a text, a zero. */
    private static Step refused(Buffer fields) {
        String state = "";
        String message = "";
        int at = 0;
        while (at < fields.length() && fields.getByte(at) != 0) {
            int end = at + 1;
            while (end < fields.length() && fields.getByte(end) != 0) {
                end++;
            }
            String text = fields.getString(at + 1, end, StandardCharsets.UTF_8.name());
            switch (fields.getByte(at)) {
                case 'C' -> state = text;
                case 'M' -> message = text;
                default -> {}
            }
            at = end + 1;
        }
        return ILL.contains(state) ? new Step.Ill("PostgreSQL says " + state + " " + message) : WELL;
    }
}
