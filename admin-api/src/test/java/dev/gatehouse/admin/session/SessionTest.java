package dev.gatehouse.admin.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.record.SessionRecord;
import dev.gatehouse.shared.session.SessionReport;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SessionTest {

    private static final UUID ID = new UUID(0, 7);
    private static final Instant START = Instant.parse("2026-11-26T08:00:00Z");

    @Test
    void whatIsToldNowReplacesWhatWasWrittenOfTheSamePart() {
        Map<UUID, Session> live = Session.live(Map.of("g2", List.of(report("b", 60, 100, 2))));
        JsonObject json = Session.of(record("closed", Map.of("a", part(10, 20, 3), "b", part(1, 1, 1))), live)
                .json();
        assertThat(json.getString("state")).isEqualTo("active");
        assertThat(json.getString("gateway")).isEqualTo("g2");
        assertThat(json.getString("startedAt")).isEqualTo(START.toString());
        assertThat(json.getLong("bytesUp")).isEqualTo(10 + 100);
        assertThat(json.getLong("tunnels")).as("open now").isEqualTo(2);
        assertThat(json.getString("endedAt")).isNull();
        assertThat(json.getString("endReason")).isNull();
    }

    @Test
    void whatNoGatewayHasHasEnded() {
        JsonObject closed = Session.of(record("closed", Map.of("a", part(10, 20, 3), "b", part(1, 1, 1))), Map.of())
                .json();
        assertThat(closed.getString("state")).isEqualTo("ended");
        assertThat(closed.getString("endedAt")).isEqualTo(START.plusSeconds(90).toString());
        assertThat(closed.getString("endReason")).isEqualTo("closed");
        assertThat(closed.getLong("bytesDown")).isEqualTo(21);
        assertThat(closed.getLong("tunnels")).as("all there were").isEqualTo(4);
        assertThat(Session.of(record(null, Map.of()), Map.of()).json().getString("endReason"))
                .as("nobody has written its end")
                .isEqualTo("lost");
    }

    @Test
    void aUserOnTheMoveIsOneSession() {
        Map<UUID, Session> live =
                Session.live(Map.of("g1", List.of(report("a", 0, 5, 1)), "g2", List.of(report("b", 30, 6, 1))));
        assertThat(live.get(ID).json().getString("gateway")).as("the newer one").isEqualTo("g2");
        assertThat(live.get(ID).json().getLong("bytesUp")).isEqualTo(11);
        assertThat(live.get(ID).json().getString("startedAt")).isEqualTo(START.toString());
    }

    @Test
    void anIdOfAnotherUserIsAnotherSession() {
        Map<UUID, Session> live = Session.live(Map.of("g1", List.of(report("a", 0, 5, 1))));
        SessionRecord others = new SessionRecord(
                ID, "bob", "db", "", START, START.plusSeconds(1), Optional.empty(), Map.of("x", part(1, 1, 1)));
        assertThat(Session.of(others, live).json().getString("state")).isEqualTo("ended");
        assertThat(live.get(ID).with(List.of(others)).json().getLong("bytesUp")).isEqualTo(5);
    }

    private static SessionReport report(String part, int second, long up, int tunnels) {
        return new SessionReport(ID, part, "ann", "db", "", START.plusSeconds(second), up, 0, tunnels);
    }

    private static SessionRecord.Part part(long up, long down, long tunnels) {
        return new SessionRecord.Part(up, down, tunnels);
    }

    private static SessionRecord record(String reason, Map<String, SessionRecord.Part> parts) {
        return new SessionRecord(ID, "ann", "db", "", START, START.plusSeconds(90), Optional.ofNullable(reason), parts);
    }
}
