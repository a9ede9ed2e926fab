package dev.gatehouse.agent.health;

import dev.gatehouse.protocol.resource.ResourceAddress;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** GET of a path; any answer below 500 is well: what a page that wants a login says, too. */
final class HttpGet implements Conversation {

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}).*");
    private static final int MAX_LINE = 1024;
    private static final int SERVER_ERROR = 500;

    private final ResourceAddress address;
    private final String path;

    HttpGet(ResourceAddress address, String path) {
        this.address = address;
        this.path = path;
    }

    @Override
    public Buffer hello() {
        return Buffer.buffer("GET " + path + " HTTP/1.1\r\nHost: " + address
                + "\r\nUser-Agent: gatehouse-health\r\nConnection: close\r\n\r\n");
    }

    @Override
    public Step heard(Buffer unread) {
        String said = unread.getString(0, Math.min(unread.length(), MAX_LINE), StandardCharsets.ISO_8859_1.name());
        int end = said.indexOf("\r\n");
        if (end < 0) {
            return unread.length() > MAX_LINE ? new Step.Ill("does not speak HTTP/1.1") : MORE;
        }
        Matcher status = STATUS.matcher(said.substring(0, end));
        if (!status.matches()) {
            return new Step.Ill("does not speak HTTP/1.1");
        }
        return Integer.parseInt(status.group(1)) < SERVER_ERROR
                ? WELL
                : new Step.Ill("GET " + path + " is answered with " + status.group(1));
    }
}
