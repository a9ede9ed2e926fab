package dev.gatehouse.agent.health;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** The line in which an SSH server says who it is (RFC 4253, 4.2); others may come before it. Our own line is said first, so that the server does not log a broken one. */
final class SshBanner implements Conversation {

    private static final int MAX_BYTES = 8 * 1024;

    @Override
    public Buffer hello() {
        return Buffer.buffer("SSH-2.0-gatehouse_health\r\n");
    }

    @Override
    public Step heard(Buffer unread) {
        String said = unread.getString(0, Math.min(unread.length(), MAX_BYTES), StandardCharsets.ISO_8859_1.name());
        int from = 0;
        int end = said.indexOf('\n');
        while (end >= 0) {
            String line = said.substring(from, end).strip();
            if (line.startsWith("SSH-2.0-") || line.startsWith("SSH-1.99-")) {
                return WELL;
            }
            if (line.startsWith("SSH-")) {
                return new Step.Ill("speaks an old SSH: " + line);
            }
            from = end + 1;
            end = said.indexOf('\n', from);
        }
        return unread.length() >= MAX_BYTES ? new Step.Ill("does not speak SSH") : MORE;
    }
}
