package dev.gatehouse.gateway.agentlink;

import com.google.protobuf.ByteString;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.Renew;
import dev.gatehouse.protocol.message.Renewed;
import dev.gatehouse.protocol.transport.Link;
import dev.gatehouse.shared.custody.Custody;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;

/** Gets an agent a new certificate over its link: one request at a time, answered with RENEWED. Confined to the link's context. */
final class Renewal {

    private final Custody custody;
    private final Link link;
    private boolean asked;

    Renewal(Custody custody, Link link) {
        this.custody = custody;
        this.link = link;
    }

    void ask(UUID agentId, Renew renew) {
        if (asked) {
            return; // its answer is on the way
        }
        asked = true;
        custody.renew(agentId, Buffer.buffer(renew.getCsr().toByteArray()))
                .map(Renewal::renewed)
                .otherwise(cause -> Renewed.newBuilder()
                        .setDetail(String.valueOf(cause.getMessage()))
                        .build())
                .onSuccess(answer -> {
                    asked = false;
                    link.send(Control.newBuilder().setRenewed(answer).build());
                });
    }

    private static Renewed renewed(Custody.Issued issued) {
        Renewed.Builder renewed = Renewed.newBuilder()
                .setCertificate(ByteString.copyFrom(issued.certificate().getBytes()));
        issued.chain().forEach(der -> renewed.addChain(ByteString.copyFrom(der.getBytes())));
        return renewed.build();
    }
}
