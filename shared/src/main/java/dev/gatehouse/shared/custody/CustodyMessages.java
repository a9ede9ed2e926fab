package dev.gatehouse.shared.custody;

import dev.gatehouse.shared.custody.CustodyException.Reason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What {@link BusCustody} and {@link CustodyEndpoint} say to each other: JSON objects, bytes in base64. Pure. */
final class CustodyMessages {

    static final String ENROL = "enrol";
    static final String RENEW = "renew";
    static final String RENEW_EXPIRED = "renew-expired";
    static final String NODE = "node";
    static final String TRUST = "trust";
    static final String SIGN_RESOURCE = "sign-resource";
    static final String DERIVE = "derive";

    private CustodyMessages() {}

    static JsonObject enrol(Custody.Enrolment enrolment) {
        return new JsonObject()
                .put("do", ENROL)
                .put("token", enrolment.token())
                .put("csr", enrolment.csr().getBytes())
                .put("name", enrolment.name())
                .put("remote", enrolment.remote());
    }

    static JsonObject renew(UUID agentId, Buffer csr) {
        return new JsonObject()
                .put("do", RENEW)
                .put("agentId", agentId.toString())
                .put("csr", csr.getBytes());
    }

    static JsonObject renewExpired(ExpiredRenewal renewal, String remote) {
        return new JsonObject()
                .put("do", RENEW_EXPIRED)
                .put("certificate", renewal.certificate().getBytes())
                .put("csr", renewal.csr().getBytes())
                .put("signature", renewal.signature().getBytes())
                .put("remote", remote);
    }

    static JsonObject issueNode(Custody.NodeRequest request) {
        return new JsonObject()
                .put("do", NODE)
                .put("token", request.token())
                .put("csr", request.csr().getBytes())
                .put("name", request.name())
                .put("names", new JsonArray(request.names()))
                .put("remote", request.remote());
    }

    static JsonObject signResource(Buffer statement) {
        return new JsonObject().put("do", SIGN_RESOURCE).put("statement", statement.getBytes());
    }

    static JsonObject derive(String purpose) {
        return new JsonObject().put("do", DERIVE).put("purpose", purpose);
    }

    static JsonObject trust() {
        return new JsonObject().put("do", TRUST);
    }

    /** Asks the custody what the message asks for; a message that cannot be read is a bad request. */
    static Future<JsonObject> ask(Custody custody, JsonObject message) {
        try {
            return switch (message.getString("do", "")) {
                case ENROL ->
                    custody.enrol(new Custody.Enrolment(
                                    text(message, "token"),
                                    bytes(message, "csr"),
                                    text(message, "name"),
                                    text(message, "remote")))
                            .map(CustodyMessages::issued);
                case RENEW ->
                    custody.renew(UUID.fromString(text(message, "agentId")), bytes(message, "csr"))
                            .map(CustodyMessages::issued);
                case RENEW_EXPIRED ->
                    custody.renewExpired(
                                    new ExpiredRenewal(
                                            bytes(message, "certificate"),
                                            bytes(message, "csr"),
                                            bytes(message, "signature")),
                                    text(message, "remote"))
                            .map(CustodyMessages::issued);
                case NODE ->
                    custody.issueNode(new Custody.NodeRequest(
                                    text(message, "token"),
                                    bytes(message, "csr"),
                                    text(message, "name"),
                                    texts(message, "names"),
                                    text(message, "remote")))
                            .map(CustodyMessages::issuedNode);
                case SIGN_RESOURCE ->
                    custody.signResource(bytes(message, "statement")).map(CustodyMessages::bytes);
                case DERIVE -> custody.derive(text(message, "purpose")).map(CustodyMessages::bytes);
                case TRUST -> custody.trust().map(CustodyMessages::trusted);
                default -> throw new CustodyException(Reason.BAD_REQUEST, "custody is not asked for that");
            };
        } catch (IllegalArgumentException | ClassCastException unreadable) {
            throw new CustodyException(Reason.BAD_REQUEST, "message to custody cannot be read", unreadable);
        }
    }

    static JsonObject issued(Custody.Issued issued) {
        return new JsonObject()
                .put("agentId", issued.agentId().toString())
                .put("name", issued.name())
                .put("labels", JoinTokens.labelsJson(issued.labels()))
                .put("certificate", issued.certificate().getBytes())
                .put("chain", array(issued.chain()))
                .put("trust", array(issued.trust()));
    }

    static Custody.Issued issued(JsonObject json) {
        return new Custody.Issued(
                UUID.fromString(json.getString("agentId")),
                json.getString("name"),
                JoinTokens.labels(json.getJsonObject("labels")),
                bytes(json, "certificate"),
                buffers(json.getJsonArray("chain")),
                buffers(json.getJsonArray("trust")));
    }

    static JsonObject issuedNode(Custody.IssuedNode issued) {
        return new JsonObject()
                .put("certificate", issued.certificate().getBytes())
                .put("chain", array(issued.chain()));
    }

    static Custody.IssuedNode issuedNode(JsonObject json) {
        return new Custody.IssuedNode(bytes(json, "certificate"), buffers(json.getJsonArray("chain")));
    }

    static JsonObject bytes(Buffer bytes) {
        return new JsonObject().put("bytes", bytes.getBytes());
    }

    static Buffer bytes(JsonObject json) {
        return bytes(json, "bytes");
    }

    static JsonObject trusted(List<Buffer> trust) {
        return new JsonObject().put("trust", array(trust));
    }

    static List<Buffer> trusted(JsonObject json) {
        return buffers(json.getJsonArray("trust"));
    }

    private static String text(JsonObject message, String field) {
        String value = message.getString(field);
        if (value == null) {
            throw new CustodyException(Reason.BAD_REQUEST, "message to custody lacks '" + field + "'");
        }
        return value;
    }

    private static List<String> texts(JsonObject message, String field) {
        JsonArray values = message.getJsonArray(field, new JsonArray());
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            texts.add(values.getString(i));
        }
        return texts;
    }

    private static Buffer bytes(JsonObject message, String field) {
        byte[] value = message.getBinary(field);
        if (value == null) {
            throw new CustodyException(Reason.BAD_REQUEST, "message to custody lacks '" + field + "'");
        }
        return Buffer.buffer(value);
    }

    private static JsonArray array(List<Buffer> buffers) {
        JsonArray array = new JsonArray();
        buffers.forEach(buffer -> array.add(buffer.getBytes()));
        return array;
    }

    private static List<Buffer> buffers(JsonArray array) {
        List<Buffer> buffers = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            buffers.add(Buffer.buffer(array.getBinary(i)));
        }
        return buffers;
    }
}
