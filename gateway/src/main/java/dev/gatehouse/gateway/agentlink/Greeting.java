package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.protocol.message.Backlog;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.Hello;
import dev.gatehouse.protocol.message.Ids;
import dev.gatehouse.protocol.wire.ProtocolException;
import dev.gatehouse.shared.presence.Presence;
import java.util.Map;

/** A HELLO whose fields are within their limits. */
record Greeting(Claim claim, String version, Map<String, String> labels, boolean avoids, Presence.Spool spool) {

    private static final int MAX_NAME = 128;
    private static final int MAX_VERSION = 64;
    private static final int MAX_LABELS = 64;
    private static final int MAX_LABEL = 256;
    private static final int MAX_AVOID = 64;

    /**
     * @param gatewayId this gateway, which the agent may want to avoid
     */
    static Greeting of(Hello hello, String gatewayId) throws ProtocolException {
        text("name", hello.getName(), MAX_NAME);
        text("version", hello.getVersion(), MAX_VERSION);
        atMost("labels", hello.getLabelsCount(), MAX_LABELS, "entries");
        atMost("avoid", hello.getAvoidCount(), MAX_AVOID, "entries");
        for (Map.Entry<String, String> label : hello.getLabelsMap().entrySet()) {
            text("labels", label.getKey(), MAX_LABEL);
            text("labels", label.getValue(), MAX_LABEL);
        }
        if (hello.getSlot() < 0 || hello.getSlot() >= Claim.SLOTS) {
            throw bad("HELLO.slot " + Integer.toUnsignedString(hello.getSlot()) + "; 0 and 1 are allowed");
        }
        if (hello.getRun() < 1) {
            throw bad("HELLO.run " + Long.toUnsignedString(hello.getRun()) + "; 1 to 2^63-1 are allowed");
        }
        if (hello.getCounter() < 0) {
            throw bad("HELLO.counter " + Long.toUnsignedString(hello.getCounter()) + "; at most 2^63-1 is allowed");
        }
        return new Greeting(
                new Claim(
                        Ids.uuid("HELLO.agent_id", hello.getAgentId()),
                        hello.getRun(),
                        Ids.uuid("HELLO.run_id", hello.getRunId()),
                        hello.getSlot(),
                        hello.getCounter()),
                hello.getVersion(),
                Map.copyOf(hello.getLabelsMap()),
                hello.getAvoidList().contains(gatewayId),
                spool(hello.getBacklog()));
    }

    /** What the agent says of its spool; shown only, so nonsense is bent rather than refused. */
    static Presence.Spool spool(Backlog backlog) {
        return new Presence.Spool(
                Math.max(0, backlog.getBytes()),
                Math.max(0, backlog.getChunks()),
                Math.max(0, backlog.getRefusedBytes()));
    }

    private static void text(String field, String text, int most) throws ProtocolException {
        atMost(field, text.length(), most, "characters");
        if (text.indexOf('\0') >= 0) {
            throw bad("HELLO." + field + " with a zero character; none is allowed");
        }
    }

    private static void atMost(String field, int size, int most, String unit) throws ProtocolException {
        if (size > most) {
            throw bad("HELLO." + field + " of " + size + " " + unit + "; at most " + most + " are allowed");
        }
    }

    private static ProtocolException bad(String message) {
        return new ProtocolException(ErrorCode.BAD_MESSAGE, message);
    }
}
