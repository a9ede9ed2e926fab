package dev.gatehouse.admin.node;

import dev.gatehouse.admin.http.AddressThrottle;
import dev.gatehouse.admin.http.Answer;
import dev.gatehouse.admin.http.ApiError;
import dev.gatehouse.admin.http.ApiException;
import dev.gatehouse.admin.http.Call;
import dev.gatehouse.admin.http.Operations;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.shared.custody.Custody;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;

/** {@code issueNodeCertificate}: passes a node's request on to custody. Confined to the event loop. */
public final class NodeCertificateOperations {

    private final Custody custody;
    private final AddressThrottle throttle = new AddressThrottle(System::nanoTime);

    public NodeCertificateOperations(Custody custody) {
        this.custody = custody;
    }

    public void bind(Operations operations) {
        operations.on("issueNodeCertificate", this::issue);
    }

    private Future<Answer> issue(Call call) {
        if (!throttle.take(call.remote())) {
            throw ApiException.retry(
                    ApiError.TOO_MANY_REQUESTS,
                    "more than " + AddressThrottle.BURST + " requests from this address",
                    AddressThrottle.REFILL);
        }
        JsonObject body = call.body();
        List<String> names =
                body.getJsonArray("names").stream().map(String.class::cast).toList();
        return custody.issueNode(new Custody.NodeRequest(
                        body.getString("token"),
                        csr(body.getString("csr")),
                        body.getString("name"),
                        names,
                        call.remote()))
                .map(issued -> Answer.json(JsonObject.of("certificate", pem(issued))));
    }

    private static Buffer csr(String text) {
        try {
            return Buffer.buffer(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException notBase64) {
            throw ApiException.invalid("csr", null, "base64");
        }
    }

    private static String pem(Custody.IssuedNode issued) {
        StringBuilder text =
                new StringBuilder(Pem.write("CERTIFICATE", issued.certificate().getBytes()));
        issued.chain().forEach(der -> text.append(Pem.write("CERTIFICATE", der.getBytes())));
        return text.toString();
    }
}
