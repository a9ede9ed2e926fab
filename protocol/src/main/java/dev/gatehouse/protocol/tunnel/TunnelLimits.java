package dev.gatehouse.protocol.tunnel;

import static dev.gatehouse.protocol.link.MessageLimits.bytes;
import static dev.gatehouse.protocol.link.MessageLimits.number;
import static dev.gatehouse.protocol.link.MessageLimits.text;

import com.google.protobuf.ByteString;
import dev.gatehouse.protocol.link.MessageLimits;
import dev.gatehouse.protocol.message.Close;
import dev.gatehouse.protocol.message.Detached;
import dev.gatehouse.protocol.message.Open;
import dev.gatehouse.protocol.message.Opened;
import dev.gatehouse.protocol.message.Resume;
import dev.gatehouse.protocol.wire.Ids;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/** Reads the messages of tunnels; a field out of its limits is BAD_MESSAGE. */
public final class TunnelLimits {

    public static final int RESOURCE = MessageLimits.NAME;
    public static final int USER = 128;
    public static final int AFFINITY = 256;
    public static final int DETAIL = 1024;

    private TunnelLimits() {}

    public static Open open(Buffer payload) throws ProtocolException {
        Open open = MessageLimits.parse("OPEN", Open.parser(), payload);
        Ids.uuid("OPEN.tunnel_id", open.getTunnelId());
        text("OPEN.resource", open.getResource(), 1, RESOURCE);
        idOrNone("OPEN.agent_id", open.getAgentId());
        bytes("OPEN.secret", open.getSecret(), Proof.SECRET_BYTES, Proof.SECRET_BYTES);
        number("OPEN.limit", open.getLimit(), 0, Long.MAX_VALUE);
        text("OPEN.user", open.getUser(), 0, USER);
        text("OPEN.affinity", open.getAffinity(), 0, AFFINITY);
        number("OPEN.longest_millis", open.getLongestMillis(), 0, Long.MAX_VALUE);
        return open;
    }

    public static Resume resume(Buffer payload) throws ProtocolException {
        Resume resume = MessageLimits.parse("RESUME", Resume.parser(), payload);
        Ids.uuid("RESUME.tunnel_id", resume.getTunnelId());
        Ids.uuid("RESUME.agent_id", resume.getAgentId());
        text("RESUME.resource", resume.getResource(), 1, RESOURCE);
        number("RESUME.attachment", resume.getAttachment(), 2, Integer.MAX_VALUE);
        number("RESUME.consumed", resume.getConsumed(), 0, Long.MAX_VALUE);
        number("RESUME.limit", resume.getLimit(), 0, Long.MAX_VALUE);
        bytes("RESUME.proof", resume.getProof(), Proof.BYTES, Proof.BYTES);
        text("RESUME.user", resume.getUser(), 0, USER);
        return resume;
    }

    public static Opened opened(Buffer payload) throws ProtocolException {
        Opened opened = MessageLimits.parse("OPENED", Opened.parser(), payload);
        Ids.uuid("OPENED.agent_id", opened.getAgentId());
        text("OPENED.affinity", opened.getAffinity(), 0, AFFINITY);
        text("OPENED.kind", opened.getKind(), 0, MessageLimits.RESOURCE_KIND);
        number("OPENED.consumed", opened.getConsumed(), 0, Long.MAX_VALUE);
        number("OPENED.limit", opened.getLimit(), 0, Long.MAX_VALUE);
        return opened;
    }

    public static Detached detached(Buffer payload) throws ProtocolException {
        Detached detached = MessageLimits.parse("DETACHED", Detached.parser(), payload);
        text("DETACHED.reason", detached.getReason(), 0, DETAIL);
        return detached;
    }

    public static Close close(Buffer payload) throws ProtocolException {
        Close close = MessageLimits.parse("CLOSE", Close.parser(), payload);
        text("CLOSE.detail", close.getDetail(), 0, DETAIL);
        return close;
    }

    private static void idOrNone(String field, ByteString id) throws ProtocolException {
        if (!id.isEmpty()) {
            Ids.uuid(field, id);
        }
    }
}
