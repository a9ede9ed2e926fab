package dev.gatehouse.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.agent.enrol.Identity;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.LinkError;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an agent makes of the errors that a gateway closes a link with, row by row as docs/protocol.md §8 has them: nothing of the spool is lost, it comes back when it was told to, and its status says why. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class RefusalsIT {

    private static final Duration PATIENCE = AgentRig.PATIENCE;

    @TempDir
    private Path temp;

    private AgentRig rig;

    @BeforeEach
    void make() throws IOException {
        rig = new AgentRig(temp);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    /** A person has to see to these: the agent says so, dials seldom, and goes on capturing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NOT_ENROLLED | the deployment does not know this agent",
                "REVOKED | this agent has been revoked; what it captures stays in its spool",
                "DUPLICATE_IDENTITY | another machine uses this agent's identity",
                "BAD_ORDER | a gateway says that this agent breaks the protocol: BAD_ORDER why",
                "BAD_FRAME | a gateway says that this agent breaks the protocol: BAD_FRAME why",
                "BAD_MESSAGE | a gateway says that this agent breaks the protocol: BAD_MESSAGE why",
                "WINDOW_EXCEEDED | a gateway says that this agent breaks the protocol: WINDOW_EXCEEDED why"
            })
    void isSaidAndDoesNotHammer(ErrorCode code, String said) throws Exception {
        rig.gateway.refusesAll = Optional.of(error(code, 0));
        Agent agent = rig.start();
        rig.writeLines(0, 20);
        await().atMost(PATIENCE).until(() -> agent.spool().chunks() > 0);
        await().atMost(PATIENCE)
                .until(() ->
                        rig.status().getString("problem", "").startsWith(said) && detail().startsWith(code + " why"));
        await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> rig.gateway.hellos.size() == 1);
        // whoever sees to it may start the agent again: all is there
        rig.stop();
        rig.gateway.refusesAll = Optional.empty();
        Agent again = rig.start();
        rig.awaitLines(20);
        assertThat(again.links().problem()).isEmpty();
    }

    /** These pass by themselves: the agent comes back when it was told to, with a higher counter, and loses nothing. */
    @ParameterizedTest
    @EnumSource(names = {"OVERLOADED", "DRAINING", "INTERNAL", "SILENT", "SUPERSEDED"})
    void isComeBackFromNotBeforeItWasTold(ErrorCode code) throws Exception {
        rig.gateway.refusals.add(error(code, 1500));
        rig.start();
        rig.writeLines(0, 20);
        await().atMost(PATIENCE).until(() -> detail().startsWith(code + " why"));
        rig.awaitLines(20);
        assertThat(rig.gateway.hellos).hasSize(2);
        assertThat(rig.gateway.heardAt.get(1) - rig.gateway.heardAt.get(0))
                .isGreaterThanOrEqualTo(Duration.ofMillis(1500).toNanos());
        assertThat(rig.gateway.hellos.get(1).getCounter())
                .isGreaterThan(rig.gateway.hellos.get(0).getCounter());
        await().atMost(PATIENCE).until(() -> rig.status().getString("problem").isEmpty());
    }

    @Test
    void aGatewayThatDrainsIsLeftForAnother() throws Exception {
        FakeGateway second = rig.deployment.addGateway("gateway-2");
        Agent agent = rig.start();
        rig.awaitLinks(agent, 2);
        // WHEN both links end, and the first gateway takes none for a minute
        rig.gateway.refusesAll = Optional.of(error(ErrorCode.DRAINING, 60_000));
        second.cut();
        rig.gateway.cut();
        rig.writeLines(0, 20);
        // THEN all goes to the other, and the first is asked once by each slot at most
        rig.awaitLines(20);
        await().atMost(PATIENCE)
                .until(() -> agent.links().links().stream()
                        .anyMatch(link -> link.active() && link.gateway().equals("gateway-2")));
        int asked = rig.gateway.hellos.size();
        assertThat(asked).isLessThanOrEqualTo(3);
        await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> rig.gateway.hellos.size() <= 3);
    }

    @Test
    void aNewerLinkInItsSlotIsTheOnlyOneThatCounts() throws Exception {
        Agent agent = rig.start();
        rig.awaitLinks(agent, 1);
        rig.writeLines(0, 20);
        rig.awaitLines(20);
        rig.gateway.end(error(ErrorCode.SUPERSEDED, 0));
        rig.writeLines(20, 20);
        rig.awaitLines(40);
        assertThat(rig.gateway.hellos.getLast().getCounter()).isEqualTo(2);
    }

    @Test
    void aLowerRunGoesAboveTheKnownOne() throws Exception {
        rig.gateway.refusals.add(
                error(ErrorCode.STALE_RUN, 0).toBuilder().setKnownRun(41).build());
        rig.start();
        rig.writeLines(0, 20);
        rig.awaitLines(20);
        assertThat(rig.gateway.hellos.get(1).getRun()).isEqualTo(42);
        assertThat(Files.readString(rig.folder.resolve("run")).strip()).isEqualTo("42");
        await().atMost(PATIENCE).until(() -> rig.status().getLong("run") == 42);
    }

    @Test
    void anExpiredCertificateIsRenewedAndTheAgentComesBack() throws Exception {
        rig.gateway.refusals.add(error(ErrorCode.CERTIFICATE_EXPIRED, 0));
        rig.start();
        Identity first = Identity.load(rig.folder);
        rig.writeLines(0, 20);
        rig.awaitLines(20);
        assertThat(rig.deployment.posts).containsExactly("/enrol", "/enrol/renew");
        assertThat(Identity.load(rig.folder).certificate()).isNotEqualTo(first.certificate());
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void aClockADayOffIsSeenAndCaptureGoesOnByIt(long days) throws Exception {
        // GIVEN a gateway to which this machine's clock is a day wrong
        rig.gateway.clock = Duration.ofDays(days);
        Instant before = Instant.now();
        rig.start();
        rig.writeLines(0, 20);
        // THEN what is captured has this machine's times
        rig.awaitLines(20);
        assertThat(rig.deployment.stream("log").events())
                .allSatisfy(event -> assertThat(event.getTime() / 1000)
                        .isBetween(before.toEpochMilli(), System.currentTimeMillis()));
        // AND the status says so
        await().atMost(PATIENCE)
                .until(() -> rig.status().getString("problem").matches("this machine's clock is 86[34]\\d\\d s off.*"));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void aGatewaysCertificateThatIsNotValidNowPointsToTheClock(long days) throws Exception {
        // GIVEN a gateway's certificate that by this machine's clock is over since yesterday, or begins tomorrow
        Instant middle = Instant.now().plus(Duration.ofDays(days));
        rig.enrol();
        rig.deployment.show(rig.deployment.nodes.server(middle.minusSeconds(3600), middle.plusSeconds(3600)));
        Agent agent = rig.start();
        rig.writeLines(0, 20);
        await().atMost(PATIENCE)
                .until(() -> agent.spool().chunks() > 0 && detail().endsWith("(is this machine's clock right?)"));
        assertThat(rig.gateway.hellos).isEmpty();
        // WHEN the times fit again, all of it arrives
        rig.deployment.show(rig.deployment.nodes.server());
        rig.awaitLines(20);
    }

    private String detail() {
        return rig.status().getJsonArray("links").stream()
                .map(JsonObject.class::cast)
                .map(link -> link.getString("detail"))
                .findFirst()
                .orElse("");
    }

    private static LinkError error(ErrorCode code, int retryMillis) {
        return LinkError.newBuilder()
                .setCode(code)
                .setDetail("why")
                .setRetryMillis(retryMillis)
                .build();
    }
}
