package dev.gatehouse.protocol.link;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.gatehouse.protocol.label.Selector;
import dev.gatehouse.protocol.label.SelectorException;
import dev.gatehouse.protocol.message.Backlog;
import dev.gatehouse.protocol.message.CommandResult;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.Heartbeat;
import dev.gatehouse.protocol.message.Hello;
import dev.gatehouse.protocol.message.Resource;
import dev.gatehouse.protocol.message.ResourceHealth;
import dev.gatehouse.protocol.message.Resources;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.message.StreamOpen;
import dev.gatehouse.protocol.message.Watch;
import dev.gatehouse.protocol.message.WatchedLabel;
import dev.gatehouse.protocol.resource.ResourceName;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How long, how many and how large the fields of messages may be. A message that cannot be decoded, or a field out of its limits, is BAD_MESSAGE; the error names the field, its value and what is allowed.
 */
public final class MessageLimits {

    public static final int NAME = 128;
    public static final int VERSION = 64;
    public static final int LABELS = 64;
    public static final int LABEL_KEY = 63;
    public static final int LABEL_VALUE = 255;
    public static final int AVOID = 64;
    public static final int CERTIFICATE = 8 * 1024;
    public static final int SIGNATURE = 256;
    public static final int SUBJECT = 255;
    public static final int MEDIA_TYPE = 255;
    public static final int FILE_NAME = 1024;
    public static final int RESOURCES = 256;
    public static final int RESOURCE_KIND = 32;
    public static final int WEIGHT = 1000;
    public static final int HEALTH_DETAIL = 100;
    public static final int TUNNELS = 1_000_000;
    public static final int WATCHES = 16;

    /** Of RESOURCES as encoded: a frame holds 64 KiB. */
    public static final int RESOURCES_BYTES = 60 * 1024;

    public static final int CSR = 8 * 1024;
    public static final int NOTE = 1024;
    public static final int COMMAND_ID = 64;

    private MessageLimits() {}

    /** Reads a message; {@code name} is what errors call it. */
    public static <T> T parse(String name, Parser<T> parser, Buffer payload) throws ProtocolException {
        try {
            return parser.parseFrom(payload.getBytes());
        } catch (InvalidProtocolBufferException e) {
            throw bad(name + " of " + payload.length() + " bytes cannot be decoded: " + e.getMessage());
        }
    }

    /** Checks what an agent says. Bodies that are not an agent's are a question of order, not of limits. */
    public static void check(Control control) throws ProtocolException {
        switch (control.getBodyCase()) {
            case HELLO -> check(control.getHello());
            case HEARTBEAT -> check(control.getHeartbeat());
            case RESOURCES -> check(control.getResources());
            case COMMAND_RESULT -> check(control.getCommandResult());
            case RENEW -> bytes("RENEW.csr", control.getRenew().getCsr(), 1, CSR);
            default -> {}
        }
    }

    /** Checks a HELLO. Whether certificate and signature are right, and fit, is the gateway's question. */
    public static void check(Hello hello) throws ProtocolException {
        Ids.uuid("HELLO.agent_id", hello.getAgentId());
        text("HELLO.name", hello.getName(), 1, NAME);
        text("HELLO.version", hello.getVersion(), 0, VERSION);
        labels("HELLO.labels", hello.getLabelsMap());
        number("HELLO.run", hello.getRun(), 1, Long.MAX_VALUE);
        Ids.uuid("HELLO.run_id", hello.getRunId());
        number("HELLO.slot", Integer.toUnsignedLong(hello.getSlot()), 0, 1);
        number("HELLO.counter", hello.getCounter(), 1, Long.MAX_VALUE);
        count("HELLO.avoid", hello.getAvoidCount(), AVOID);
        for (String gateway : hello.getAvoidList()) {
            text("HELLO.avoid", gateway, 1, NAME);
        }
        bytes("HELLO.certificate", hello.getCertificate(), 0, CERTIFICATE);
        bytes("HELLO.signature", hello.getSignature(), 0, SIGNATURE);
        check("HELLO.backlog", hello.getBacklog());
    }

    /** Checks a STREAM_OPEN. */
    public static void check(StreamOpen open) throws ProtocolException {
        Ids.uuid("STREAM_OPEN.stream_id", open.getStreamId());
        if (open.getKind() == StreamKind.UNRECOGNIZED || open.getKind() == StreamKind.STREAM_KIND_UNSPECIFIED) {
            throw bad("STREAM_OPEN.kind " + open.getKindValue() + "; 1 (events) to 4 (file) are known");
        }
        text("STREAM_OPEN.subject", open.getSubject(), 0, SUBJECT);
        text("STREAM_OPEN.media_type", open.getMediaType(), 0, MEDIA_TYPE);
        text("STREAM_OPEN.name", open.getName(), open.getKind() == StreamKind.FILE ? 1 : 0, FILE_NAME);
        number("STREAM_OPEN.first", open.getFirst(), 0, Long.MAX_VALUE);
    }

    private static void check(Heartbeat heartbeat) throws ProtocolException {
        check("HEARTBEAT.backlog", heartbeat.getBacklog());
        text("HEARTBEAT.ledger_note", heartbeat.getLedgerNote(), 0, NOTE);
        count("HEARTBEAT.health", heartbeat.getHealthCount(), RESOURCES);
        for (ResourceHealth health : heartbeat.getHealthList()) {
            name("HEARTBEAT.health.name", health.getName());
            check("HEARTBEAT.health", health);
        }
    }

    private static void check(String field, ResourceHealth health) throws ProtocolException {
        text(field + ".detail", health.getDetail(), 0, HEALTH_DETAIL);
        number(field + ".tunnels", Integer.toUnsignedLong(health.getTunnels()), 0, TUNNELS);
    }

    private static void check(String field, Backlog backlog) throws ProtocolException {
        number(field + ".bytes", backlog.getBytes(), 0, Long.MAX_VALUE);
        number(field + ".chunks", backlog.getChunks(), 0, Long.MAX_VALUE);
        number(field + ".refused_bytes", backlog.getRefusedBytes(), 0, Long.MAX_VALUE);
    }

    private static void check(Resources resources) throws ProtocolException {
        count("RESOURCES.resources", resources.getResourcesCount(), RESOURCES);
        number("RESOURCES bytes", resources.getSerializedSize(), 0, RESOURCES_BYTES);
        for (Resource resource : resources.getResourcesList()) {
            name("RESOURCES.name", resource.getName());
            text("RESOURCES.kind", resource.getKind(), 1, RESOURCE_KIND);
            labels("RESOURCES.labels", resource.getLabelsMap());
            number("RESOURCES.weight", Integer.toUnsignedLong(resource.getWeight()), 0, WEIGHT);
            check("RESOURCES.health", resource.getHealth());
        }
        count("RESOURCES.watch", resources.getWatchCount(), WATCHES);
        for (Watch watch : resources.getWatchList()) {
            selector(watch);
        }
    }

    /** The labels of a watch as a selector. */
    public static Selector selector(Watch watch) throws ProtocolException {
        Map<String, List<String>> labels = new HashMap<>();
        for (WatchedLabel label : watch.getLabelsList()) {
            labels.put(label.getKey(), label.getValuesList());
        }
        try {
            return Selector.of(labels);
        } catch (SelectorException e) {
            throw bad("RESOURCES.watch: " + e.getMessage());
        }
    }

    private static void name(String field, String name) throws ProtocolException {
        if (!ResourceName.isValid(name)) {
            text(field, name, 1, ResourceName.MAX_LENGTH);
            throw bad(field + " '" + name + "'; " + ResourceName.ALLOWED + " are allowed");
        }
    }

    private static void check(CommandResult result) throws ProtocolException {
        text("COMMAND_RESULT.id", result.getId(), 1, COMMAND_ID);
    }

    private static void labels(String field, Map<String, String> labels) throws ProtocolException {
        count(field, labels.size(), LABELS);
        for (Map.Entry<String, String> label : labels.entrySet()) {
            text(field + " key", label.getKey(), 1, LABEL_KEY);
            text(field + " value", label.getValue(), 0, LABEL_VALUE);
        }
    }

    /** Control characters could forge lines of logs and terminals; nothing that people read needs them. */
    public static void text(String field, String value, int min, int max) throws ProtocolException {
        if (value.length() < min || value.length() > max) {
            throw bad(field + " of " + value.length() + " characters; " + min + " to " + max + " are allowed");
        }
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i))) {
                throw bad(field + " with control character " + (int) value.charAt(i) + "; none is allowed");
            }
        }
    }

    public static void bytes(String field, ByteString value, int min, int max) throws ProtocolException {
        if (value.size() < min || value.size() > max) {
            throw bad(field + " of " + value.size() + " bytes; " + min + " to " + max + " are allowed");
        }
    }

    public static void number(String field, long value, long min, long max) throws ProtocolException {
        if (value < min || value > max) { // negative: above 2^63, as the wire's numbers are unsigned
            throw bad(field + " " + Long.toUnsignedString(value) + "; " + min + " to " + max + " are allowed");
        }
    }

    private static void count(String field, int count, int max) throws ProtocolException {
        if (count > max) {
            throw bad(field + " with " + count + " entries; at most " + max + " are allowed");
        }
    }

    private static ProtocolException bad(String message) {
        return new ProtocolException(ErrorCode.BAD_MESSAGE, message);
    }
}
