package dev.gatehouse.admin.session;

import dev.gatehouse.shared.record.SessionRecord;
import dev.gatehouse.shared.record.SessionRecords;
import dev.gatehouse.shared.session.SessionReport;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A session as REST shows it: what gateways tell of it now over what was written. Pure.
 *
 * @param gateway empty: none has it now, it has ended
 * @param tunnels open now; of one that has ended all that there were
 */
record Session(
        UUID id,
        String user,
        String resource,
        String agentId,
        Optional<String> gateway,
        Instant startedAt,
        Optional<Instant> endedAt,
        Optional<String> endReason,
        long tunnels,
        Map<String, SessionRecord.Part> parts) {

    /** What a session that has no end in its record has ended by: its gateway did not live to write it. */
    private static final String LOST = "lost";

    /** Those that gateways have now. */
    static Map<UUID, Session> live(Map<String, List<SessionReport>> copies) {
        Map<UUID, Session> live = new HashMap<>();
        copies.forEach((gateway, reports) ->
                reports.forEach(report -> live.merge(report.id(), of(gateway, report), Session::together)));
        return live;
    }

    private static Session of(String gateway, SessionReport report) {
        return new Session(
                report.id(),
                report.user(),
                report.resource(),
                report.agentId(),
                Optional.of(gateway),
                report.startedAt(),
                Optional.empty(),
                Optional.empty(),
                report.tunnels(),
                Map.of(report.part(), new SessionRecord.Part(report.bytesUp(), report.bytesDown(), report.tunnels())));
    }

    /** A user who has moved to another gateway may still be told of by the one before. */
    private Session together(Session other) {
        boolean after = other.startedAt.isAfter(startedAt);
        Session newer = after ? other : this;
        Session older = after ? this : other;
        return newer.with(older.startedAt, older.parts, newer.tunnels + older.tunnels);
    }

    /** What was written of it. */
    static Session of(SessionRecord record, Map<UUID, Session> live) {
        Session now = live.get(record.id());
        return now != null && now.user.equals(record.user())
                ? now.with(List.of(record))
                : new Session(
                        record.id(),
                        record.user(),
                        record.resource(),
                        record.agentId(),
                        Optional.empty(),
                        record.startedAt(),
                        Optional.of(record.seenAt()),
                        Optional.of(record.endReason().orElse(LOST)),
                        record.parts().values().stream()
                                .mapToLong(SessionRecord.Part::tunnels)
                                .sum(),
                        record.parts());
    }

    /** With the start and the bytes of what was written of it, if that is there. */
    Session with(List<SessionRecord> records) {
        return records.stream()
                .filter(record -> record.id().equals(id) && record.user().equals(user))
                .findFirst()
                .map(record -> with(record.startedAt(), record.parts(), tunnels))
                .orElse(this);
    }

    private Session with(Instant earlierStart, Map<String, SessionRecord.Part> others, long openTunnels) {
        Map<String, SessionRecord.Part> all = new TreeMap<>(others);
        all.putAll(parts); // what is told now is newer than what was written of the same part
        return new Session(
                id,
                user,
                resource,
                agentId,
                gateway,
                earlierStart.isBefore(startedAt) ? earlierStart : startedAt,
                endedAt,
                endReason,
                openTunnels,
                all);
    }

    boolean isAfter(SessionRecords.After key) {
        int order = startedAt.compareTo(key.startedAt());
        return order < 0 || (order == 0 && id.compareTo(key.id()) < 0);
    }

    JsonObject json() {
        return new JsonObject()
                .put("id", id.toString())
                .put("user", user)
                .put("resource", resource)
                .put("agentId", agentId.isEmpty() ? null : agentId)
                .put("gateway", gateway.orElse(null))
                .put("state", gateway.isPresent() ? "active" : "ended")
                .put("startedAt", startedAt.toString())
                .put("endedAt", endedAt.map(Instant::toString).orElse(null))
                .put(
                        "bytesUp",
                        parts.values().stream()
                                .mapToLong(SessionRecord.Part::bytesUp)
                                .sum())
                .put(
                        "bytesDown",
                        parts.values().stream()
                                .mapToLong(SessionRecord.Part::bytesDown)
                                .sum())
                .put("tunnels", tunnels)
                .put("endReason", endReason.orElse(null));
    }
}
