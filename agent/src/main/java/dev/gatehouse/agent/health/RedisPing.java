package dev.gatehouse.agent.health;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** PING. A server that wants a password first is well; one that still loads its data, has lost its master or refuses everyone is not. */
final class RedisPing implements Conversation {

    private static final int MAX_LINE = 1024;

    @Override
    public Buffer hello() {
        return Buffer.buffer("*1\r\n$4\r\nPING\r\n");
    }

    @Override
    public Step heard(Buffer unread) {
        String said = unread.getString(0, Math.min(unread.length(), MAX_LINE), StandardCharsets.ISO_8859_1.name());
        int end = said.indexOf("\r\n");
        if (end < 0) {
            return unread.length() > MAX_LINE ? new Step.Ill("does not speak Redis' protocol") : MORE;
        }
        String line = said.substring(0, end);
        if (line.equals("+PONG") || line.startsWith("-NOAUTH") || line.startsWith("-NOPERM")) {
            return WELL;
        }
        return new Step.Ill(
                line.startsWith("-") ? "Redis says " + line.substring(1) : "does not speak Redis' protocol");
    }
}
