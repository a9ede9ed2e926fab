package dev.gatehouse.shared.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SessionCopiesTest {

    private long now = Long.MAX_VALUE - 1_000_000_000L; // nanoTime may wrap: it does so here
    private final SessionCopies copies = new SessionCopies(() -> now);

    @Test
    void changesAndEndsAreTaken() {
        tell(SessionCopies.whole("g1", List.of(session(1, "ann", 1), session(2, "bob", 1)), true, true));
        tell(SessionCopies.changes("g1", List.of(session(1, "ann", 5), session(3, "ann", 2)), List.of(id(2))));
        assertThat(copies.all().get("g1")).containsExactlyInAnyOrder(session(1, "ann", 5), session(3, "ann", 2));
        assertThat(copies.of("ann", "g2")).hasSize(2);
        assertThat(copies.of("ann", "g1")).isEmpty();
        assertThat(copies.of("bob", "g2")).isEmpty();
    }

    @Test
    void aWholeListMakesGoodWhatWasLost() {
        tell(SessionCopies.whole("g1", List.of(session(1, "ann", 1)), true, true));
        // GIVEN that the end of 1 was lost, and a list of several pages
        tell(SessionCopies.whole("g1", List.of(session(2, "ann", 1)), true, false));
        assertThat(copies.all().get("g1")).as("not whole yet").containsExactly(session(1, "ann", 1));
        tell(SessionCopies.whole("g1", List.of(session(3, "ann", 1)), false, true));
        assertThat(copies.all().get("g1")).containsExactlyInAnyOrder(session(2, "ann", 1), session(3, "ann", 1));
    }

    @Test
    void nothingStaysOfAGatewayThatIsSilent() {
        tell(SessionCopies.whole("g1", List.of(session(1, "ann", 1)), true, true));
        after(4_999);
        tell(SessionCopies.whole("g2", List.of(session(2, "ann", 1)), true, true));
        assertThat(copies.all()).containsOnlyKeys("g1", "g2");
        after(1);
        assertThat(copies.all()).containsOnlyKeys("g2");
        assertThat(copies.of("ann", "")).hasSize(1);
        // AND a gateway that says that nothing has changed is not silent
        tell(SessionCopies.changes("g2", List.of(), List.of()));
        after(4_999);
        assertThat(copies.all()).containsOnlyKeys("g2");
    }

    /** As it comes from the wire. */
    private void tell(JsonObject message) {
        copies.take(new JsonObject(Buffer.buffer(message.encode())));
    }

    private void after(long millis) {
        now += millis * 1_000_000;
    }

    private static UUID id(int number) {
        return new UUID(0, number);
    }

    private static SessionReport session(int number, String user, long up) {
        return new SessionReport(
                id(number), "g@1", user, "db", "", Instant.parse("2026-11-21T08:00:00Z"), up, 3_000_000_000L, 1);
    }
}
