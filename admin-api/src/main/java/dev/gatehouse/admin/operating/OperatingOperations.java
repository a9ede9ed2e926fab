package dev.gatehouse.admin.operating;

import dev.gatehouse.admin.http.Answer;
import dev.gatehouse.admin.http.ApiException;
import dev.gatehouse.admin.http.Call;
import dev.gatehouse.admin.http.Items;
import dev.gatehouse.admin.http.Operations;
import dev.gatehouse.shared.cluster.Quorum;
import dev.gatehouse.shared.record.AuditRecord;
import dev.gatehouse.shared.record.AuditRecords;
import dev.gatehouse.shared.record.NodeRecord;
import dev.gatehouse.shared.record.NodeRecords;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;

/** What operators look at: the cluster's nodes, effective settings, the audit. Thread-safe. */
public final class OperatingOperations {

    private final NodeRecords nodes;
    private final Supplier<Quorum> quorum;
    private final Drain drain;
    private final AuditRecords audit;
    private final Map<String, String> settings;

    /** @param settings effective, secrets masked */
    public OperatingOperations(
            NodeRecords nodes, Supplier<Quorum> quorum, Drain drain, AuditRecords audit, Map<String, String> settings) {
        this.nodes = nodes;
        this.quorum = quorum;
        this.drain = drain;
        this.audit = audit;
        this.settings = settings;
    }

    public void bind(Operations operations) {
        operations
                .on("listNodes", this::nodes)
                .on("drainNode", this::drain)
                .on("listSettings", call -> settings())
                .on("listAudit", this::audit);
    }

    private Future<Answer> nodes(Call call) {
        return nodes.list(call.cursor().map(key -> key.getString("id")), call.limit())
                .map(page -> Items.of(
                        call, page, OperatingOperations::json, node -> JsonObject.of("id", node.id()), quorum()));
    }

    private JsonObject quorum() {
        Quorum now = quorum.get();
        return JsonObject.of(
                "quorum", JsonObject.of("expected", now.expected(), "present", now.present(), "met", now.met()));
    }

    private Future<Answer> drain(Call call) {
        String id = call.text("id").orElseThrow();
        return nodes.get(id)
                .map(found -> found.orElseThrow(() -> ApiException.notFound("node", id)))
                .compose(node ->
                        drain.tell(node, call.actor(), call.remote()).map(told -> Answer.json(202, json(node))));
    }

    private Future<Answer> settings() {
        JsonArray items = new JsonArray();
        settings.forEach((key, value) -> items.add(JsonObject.of("key", key, "value", value)));
        return Future.succeededFuture(Answer.json(JsonObject.of("items", items, "nextCursor", null)));
    }

    private Future<Answer> audit(Call call) {
        AuditRecords.Filter filter =
                new AuditRecords.Filter(call.time("from"), call.time("to"), call.text("actor"), call.text("action"));
        return audit.list(
                        filter,
                        call.cursor()
                                .map(key ->
                                        new AuditRecords.After(Instant.parse(key.getString("at")), key.getLong("id"))),
                        call.limit())
                .map(page -> Items.of(
                        call,
                        page,
                        OperatingOperations::json,
                        entry -> JsonObject.of("at", entry.at().toString(), "id", entry.id())));
    }

    private static JsonObject json(NodeRecord node) {
        return JsonObject.of(
                "id", node.id(),
                "name", node.name(),
                "role", node.role(),
                "state", node.state(),
                "master", node.master(),
                "version", node.version(),
                "address", node.address(),
                "startedAt", node.startedAt().toString(),
                "seenAt", node.seenAt().toString(),
                "certificateUntil",
                        node.certificateUntil().map(Instant::toString).orElse(null));
    }

    private static JsonObject json(AuditRecord entry) {
        return JsonObject.of(
                "id", String.valueOf(entry.id()),
                "at", entry.at().toString(),
                "node", entry.node(),
                "actor", entry.actor(),
                "remote", entry.remote(),
                "action", entry.action(),
                "target", entry.target(),
                "outcome", entry.outcome(),
                "detail", entry.detail());
    }
}
