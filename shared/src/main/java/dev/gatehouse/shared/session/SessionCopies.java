package dev.gatehouse.shared.session;

import dev.gatehouse.shared.bus.Addresses;
import dev.gatehouse.shared.bus.Bus;
import dev.gatehouse.shared.cluster.Members;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The live sessions of all gateways, as each tells them over the bus: what has changed each second, all of it each {@link #WHOLE}. A gateway that is silent for {@link #SILENCE} or has left has none: nothing stays active
 * after a crash.
 *
 * <p>A message that was lost is made good by the next whole list. Thread-safe.
 */
public final class SessionCopies {

    /** Between reports of what has changed. */
    public static final Duration PERIOD = Duration.ofSeconds(1);

    /** Between reports of everything. */
    public static final Duration WHOLE = Duration.ofSeconds(3);

    static final Duration SILENCE = Duration.ofSeconds(5);

    /** Sessions of one message. */
    public static final int PAGE = 500;

    private static final class Copy {
        final Map<UUID, SessionReport> sessions = new HashMap<>();
        long heardAt;
        final Map<UUID, SessionReport> next = new HashMap<>(); // of a whole list, until its last page is there
    }

    private final LongSupplier nanos;
    private final Map<String, Copy> gateways = new ConcurrentHashMap<>();
    private MessageConsumer<JsonObject> consumer;

    SessionCopies(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Listens from now on. */
    public static SessionCopies listen(Bus bus, Members members) {
        SessionCopies copies = new SessionCopies(System::nanoTime);
        copies.consumer = bus.listen(Addresses.SESSIONS, JsonObject.class, copies::take);
        members.onLeave(member -> copies.gateways.remove(member.id()));
        return copies;
    }

    public Future<Void> close() {
        return consumer.unregister();
    }

    /** What a gateway tells: sessions that are new or have changed, ids of those that are over. */
    public static JsonObject changes(String gatewayId, List<SessionReport> changed, List<UUID> over) {
        JsonArray ids = new JsonArray();
        over.forEach(id -> ids.add(id.toString()));
        return message(gatewayId, changed).put("over", ids);
    }

    /** A page of all that a gateway has; the last one makes it hold. */
    public static JsonObject whole(String gatewayId, List<SessionReport> page, boolean first, boolean last) {
        return message(gatewayId, page).put("first", first).put("last", last);
    }

    private static JsonObject message(String gatewayId, List<SessionReport> sessions) {
        JsonArray array = new JsonArray();
        sessions.forEach(session -> array.add(session.json()));
        return JsonObject.of("gateway", gatewayId, "sessions", array);
    }

    void take(JsonObject message) {
        List<SessionReport> told = new ArrayList<>();
        message.getJsonArray("sessions").forEach(each -> told.add(SessionReport.of((JsonObject) each)));
        gateways.compute(message.getString("gateway"), (id, known) -> {
            Copy copy = known == null ? new Copy() : known;
            synchronized (copy) {
                if (message.containsKey("over")) {
                    told.forEach(session -> copy.sessions.put(session.id(), session));
                    message.getJsonArray("over").forEach(over -> copy.sessions.remove(UUID.fromString((String) over)));
                } else {
                    whole(copy, told, message);
                }
                copy.heardAt = nanos.getAsLong();
            }
            return copy;
        });
    }

    private static void whole(Copy copy, List<SessionReport> told, JsonObject message) {
        if (message.getBoolean("first")) {
            copy.next.clear();
        }
        told.forEach(session -> copy.next.put(session.id(), session));
        if (message.getBoolean("last")) {
            copy.sessions.clear();
            copy.sessions.putAll(copy.next);
            copy.next.clear();
        }
    }

    /** Each gateway's list. */
    public Map<String, List<SessionReport>> all() {
        long now = nanos.getAsLong();
        Map<String, List<SessionReport>> all = new HashMap<>();
        gateways.forEach((id, copy) -> {
            synchronized (copy) {
                if (now - copy.heardAt < SILENCE.toNanos()) {
                    all.put(id, List.copyOf(copy.sessions.values()));
                }
            }
        });
        return all;
    }

    /** One user's sessions at all gateways but one. */
    public List<SessionReport> of(String user, String exceptGateway) {
        long now = nanos.getAsLong();
        List<SessionReport> found = new ArrayList<>();
        gateways.forEach((id, copy) -> {
            if (id.equals(exceptGateway)) {
                return;
            }
            synchronized (copy) {
                if (now - copy.heardAt < SILENCE.toNanos()) {
                    copy.sessions.values().stream()
                            .filter(session -> session.user().equals(user))
                            .forEach(found::add);
                }
            }
        });
        return found;
    }
}
