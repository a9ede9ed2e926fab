package dev.gatehouse.admin.event;

import dev.gatehouse.admin.http.Answer;
import dev.gatehouse.admin.http.Call;
import dev.gatehouse.admin.http.Items;
import dev.gatehouse.admin.http.Operations;
import dev.gatehouse.shared.record.EventRecord;
import dev.gatehouse.shared.record.EventRecords;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Searches events. Thread-safe. */
public final class EventOperations {

    /** How far back a search goes that does not say. */
    private static final Duration DEFAULT_SPAN = Duration.ofHours(24);

    private final EventRecords records;

    public EventOperations(EventRecords records) {
        this.records = records;
    }

    public void bind(Operations operations) {
        operations.on("listEvents", this::list);
    }

    private Future<Answer> list(Call call) {
        EventRecords.Filter filter = new EventRecords.Filter(
                Optional.of(call.time("from").orElseGet(() -> Instant.now().minus(DEFAULT_SPAN))),
                call.time("to"),
                call.uuid("agentId"),
                call.text("user"),
                call.text("kind"),
                call.text("application"),
                call.text("text"));
        return records.list(filter, call.cursor().map(EventOperations::key), call.limit())
                .map(page -> Items.of(call, page, EventOperations::json, event -> json(event.key())));
    }

    private static EventRecord.Key key(JsonObject json) {
        return new EventRecord.Key(
                Instant.parse(json.getString("time")),
                UUID.fromString(json.getString("stream")),
                json.getLong("sequence"),
                json.getInteger("index"));
    }

    private static JsonObject json(EventRecord.Key key) {
        return JsonObject.of(
                "time", key.time().toString(),
                "stream", key.streamId().toString(),
                "sequence", key.sequence(),
                "index", key.index());
    }

    private static JsonObject json(EventRecord event) {
        EventRecord.Key key = event.key();
        return JsonObject.of(
                        "id", key.streamId() + "/" + key.sequence() + "/" + key.index(),
                        "time", key.time().toString(),
                        "agentId", event.agentId().toString(),
                        "agentName", event.agentName().orElse(null),
                        "user", event.user(),
                        "kind", event.kind(),
                        "application", event.application(),
                        "title", event.title(),
                        "text", event.text())
                .put("attributes", event.attributes())
                .put("durationMicros", event.durationMicros());
    }
}
