package dev.gatehouse.admin.resource;

import com.google.protobuf.ByteString;
import dev.gatehouse.admin.http.ApiError;
import dev.gatehouse.admin.http.ApiException;
import dev.gatehouse.protocol.message.RegisteredResource;
import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.custody.Custody;
import dev.gatehouse.shared.record.RegisteredRecords;
import dev.gatehouse.shared.trust.Topic;
import dev.gatehouse.shared.trust.Topics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Map;

/** Registers resources and takes them back: signed by the CA, counted for the gateways, audited. Thread-safe. */
final class Registrations {

    private final Vertx vertx;
    private final Pool postgres;
    private final Custody custody;
    private final Audit audit;

    Registrations(Vertx vertx, Pool postgres, Custody custody, Audit audit) {
        this.vertx = vertx;
        this.postgres = postgres;
        this.custody = custody;
        this.audit = audit;
    }

    /** A resource to be registered; its fields are right. */
    record Wanted(String name, String kind, String uri, Map<String, String> labels, int weight) {}

    Future<Void> add(Wanted wanted, String actor, String remote) {
        ByteString statement = RegisteredResource.newBuilder()
                .setName(wanted.name())
                .setKind(wanted.kind())
                .setUri(wanted.uri())
                .putAllLabels(wanted.labels())
                .setWeight(wanted.weight())
                .setRegisteredAt(Instant.now().toEpochMilli() * 1000)
                .build()
                .toByteString();
        Buffer signed = Buffer.buffer(statement.toByteArray());
        Audit.Entry entry = Audit.Entry.done(actor, remote, "resource.register", wanted.name())
                .with("kind", wanted.kind())
                .with("uri", wanted.uri());
        return custody.signResource(signed)
                .compose(signature -> postgres.<Void>withTransaction(transaction -> room(transaction)
                        .compose(room -> transaction
                                .preparedQuery("insert into registered_resource"
                                        + " (name, kind, uri, labels, weight, statement, signature, created_by)"
                                        + " values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing")
                                .execute(Tuple.of(
                                        wanted.name(),
                                        wanted.kind(),
                                        wanted.uri(),
                                        new JsonObject(Map.copyOf(wanted.labels())),
                                        wanted.weight(),
                                        signed,
                                        signature,
                                        actor)))
                        .compose(added -> added.rowCount() == 1
                                ? done(transaction, entry)
                                : Future.failedFuture(ApiException.of(
                                        ApiError.CONFLICT,
                                        "a resource named '" + wanted.name() + "' is registered already")))))
                .onSuccess(done -> Topics.hasten(vertx));
    }

    /** Whether it was registered. */
    Future<Boolean> remove(String name, String actor, String remote) {
        Audit.Entry entry = Audit.Entry.done(actor, remote, "resource.remove", name);
        return postgres.<Boolean>withTransaction(transaction -> transaction
                        .preparedQuery("delete from registered_resource where name = $1")
                        .execute(Tuple.of(name))
                        .compose(removed -> removed.rowCount() == 0
                                ? Future.succeededFuture(false)
                                : done(transaction, entry).map(true)))
                .onSuccess(done -> Topics.hasten(vertx));
    }

    private static Future<Void> room(SqlConnection transaction) {
        return transaction.query("select count(*) from registered_resource").execute().compose(rows -> {
            long count = rows.iterator().next().getLong(0);
            return count < RegisteredRecords.MAX
                    ? Future.succeededFuture()
                    : Future.failedFuture(ApiException.of(
                            ApiError.CONFLICT, count + " resources are registered; at most " + RegisteredRecords.MAX
                                    + " are allowed"));
        });
    }

    private Future<Void> done(SqlConnection transaction, Audit.Entry entry) {
        return audit.record(transaction, entry).compose(recorded -> Topics.bump(transaction, Topic.RESOURCES));
    }
}
