package dev.gatehouse.gateway.catalog;

import static dev.gatehouse.gateway.catalog.Entries.agent;
import static dev.gatehouse.gateway.catalog.Entries.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.protocol.message.Health;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CatalogTest {

    private final Catalog here = new Catalog("g1", CatalogCodecs::size);
    private final Catalog there = new Catalog("g2", CatalogCodecs::size);
    private long now = Long.MAX_VALUE - Duration.ofSeconds(20).toNanos();

    @Test
    void oneNameOnManyAgentsIsOneResource() {
        here.offered(entry(1, 1, 1, "db"), now);
        there.offered(entry(2, 1, 1, "db", "echo"), now);
        assertThat(tell()).isFalse();
        assertThat(here.names()).containsExactly("db", "echo");
        assertThat(here.replicas("db")).extracting(Replica::agentId).containsExactly(agent(1), agent(2));
        assertThat(here.replicas("db")).extracting(Replica::gateways).containsExactly(List.of("g1"), List.of("g2"));
        assertThat(here.replicas("nothing")).isEmpty();
    }

    @Test
    void anAgentWithTwoLinksIsOneReplicaWithTwoWaysItsOwnGatewayFirst() {
        there.offered(entry(1, 5, 1, "db"), now);
        here.offered(entry(1, 5, 2, "db"), now);
        tell();
        assertThat(here.replicas("db")).singleElement().satisfies(replica -> assertThat(replica.gateways())
                .containsExactly("g1", "g2"));
        // the other link goes: still there
        there.gone(agent(1), 5, 1, now);
        tell();
        assertThat(here.replicas("db")).singleElement().satisfies(replica -> assertThat(replica.gateways())
                .containsExactly("g1"));
    }

    @Test
    void whatAnEarlierRunSaidDoesNotCount() {
        there.offered(entry(1, 4, 9, "old"), now); // a link that is dead, and not yet noticed
        here.offered(entry(1, 5, 1, "new"), now);
        tell();
        assertThat(here.names()).containsExactly("new");
        assertThat(here.replicas("new").getFirst().gateways()).containsExactly("g1");
    }

    @Test
    void theNewerOfTwoLinksToOneGatewayCountsAndTheOlderTakesItsPlaceWhenItGoes() {
        here.offered(entry(1, 5, 1, "old"), now);
        here.offered(entry(1, 5, 2, "new"), now);
        assertThat(here.names()).containsExactly("new");
        assertThat(here.gone(agent(1), 5, 1, now)).isFalse(); // the older ends: nothing changes
        here.offered(entry(1, 5, 1, "old"), now);
        here.gone(agent(1), 5, 2, now);
        assertThat(here.names()).containsExactly("old");
        assertThat(here.gone(agent(1), 4, 1, now)).isFalse(); // of an earlier run
        here.gone(agent(1), 5, 1, now);
        assertThat(here.names()).isEmpty();
    }

    @Test
    void aLostDeltaIsNoticedByTheNextAndByTheDigest() {
        there.offered(entry(1, 1, 1, "a"), now);
        there.own().delta(); // lost
        assertThat(here.heard(there.own().digest(), now)).isTrue();
        there.offered(entry(2, 1, 1, "b"), now);
        assertThat(here.heard(there.own().delta().orElseThrow(), now)).isTrue();
        assertThat(here.names()).containsExactly("b"); // what was heard counts at once
        here.heard(there.own().page(Optional.empty()), now);
        assertThat(here.names()).containsExactly("a", "b");
        assertThat(here.heard(there.own().digest(), now)).isFalse();
    }

    /** A delta that was lost, and whose version another one has passed, of a list that has as many entries: only the hash shows it. */
    @Test
    void theDigestsHashShowsWhatVersionsDoNot() {
        there.offered(entry(1, 1, 1, "a"), now);
        there.offered(entry(2, 1, 1, "b"), now);
        tell();
        there.offered(entry(1, 1, 1, "a", "c"), now);
        CatalogMessage.Delta lost = there.own().delta().orElseThrow();
        there.offered(entry(2, 1, 1, "b", "d"), now);
        here.heard(there.own().delta().orElseThrow(), now); // asks for the list, and that is lost, too
        assertThat(here.heard(there.own().digest(), now)).isTrue();
        here.heard(lost, now); // late
        assertThat(here.heard(there.own().digest(), now)).isFalse();
    }

    @Test
    void anOlderChangeThatComesLaterIsNoChange() {
        there.offered(entry(1, 1, 1, "old"), now);
        CatalogMessage.Delta first = there.own().delta().orElseThrow();
        there.offered(entry(1, 1, 1, "new"), now);
        here.heard(there.own().delta().orElseThrow(), now);
        here.heard(first, now);
        assertThat(here.names()).containsExactly("new");
    }

    @Test
    void lateAndRepeatedChangesDoNotUndoNewerOnes() {
        there.offered(entry(1, 1, 1, "a"), now);
        CatalogMessage.Delta added = there.own().delta().orElseThrow();
        there.gone(agent(1), 1, 1, now);
        CatalogMessage.Delta removed = there.own().delta().orElseThrow();
        here.heard(removed, now);
        here.heard(added, now);
        assertThat(here.names()).isEmpty();
        here.heard(removed, now);
        assertThat(here.heard(there.own().digest(), now)).isFalse();
    }

    @Test
    void aSnapshotRemovesWhatItDoesNotNameAndNothingNewer() {
        there.offered(entry(1, 1, 1, "a"), now);
        there.offered(entry(2, 1, 1, "b"), now);
        tell();
        there.gone(agent(1), 1, 1, now);
        there.own().delta(); // lost
        CatalogMessage.Page page = there.own().page(Optional.empty());
        there.offered(entry(3, 1, 1, "c"), now);
        here.heard(there.own().delta().orElseThrow(), now); // passes the page
        here.heard(page, now);
        assertThat(here.names()).containsExactly("b", "c");
        assertThat(here.heard(there.own().digest(), now)).isFalse();
    }

    @Test
    void aDepartureRemovesAtOnceAndWhatIsStillUnderWayIsIgnored() {
        there.offered(entry(1, 1, 1, "a"), now);
        CatalogMessage.Delta delta = there.own().delta().orElseThrow();
        here.members(Set.of("g1", "g2"), now);
        here.heard(delta, now);
        assertThat(here.names()).containsExactly("a");
        here.members(Set.of("g1"), now);
        assertThat(here.names()).isEmpty();
        assertThat(here.heard(delta, now)).isFalse();
        assertThat(here.names()).isEmpty();
        here.members(Set.of("g1", "g2"), now); // it was only thought to be gone
        assertThat(here.heard(there.own().digest(), now)).isTrue();
    }

    @Test
    void silenceRemovesAfter45SecondsAndAFreshCopyIsASignOfLife() {
        there.offered(entry(1, 1, 1, "a"), now);
        tell();
        after(Duration.ofSeconds(45));
        here.tick(now);
        assertThat(here.names()).containsExactly("a");
        // a copy may raise and add, and keeps the list alive
        Versioned other = new Versioned(agent(2), 2, Optional.of(entry(2, 1, 1, "b")));
        here.copied("g2", List.of(other), now);
        assertThat(here.names()).containsExactly("a", "b");
        // but an emptied Redis removes nothing
        here.copied("g2", List.of(), now);
        assertThat(here.names()).containsExactly("a", "b");
        after(Duration.ofSeconds(45));
        here.tick(now);
        assertThat(here.names()).containsExactly("a", "b");
        after(Duration.ofMillis(1));
        here.tick(now);
        assertThat(here.names()).isEmpty();
    }

    @Test
    void aCopyThatIsOlderThanWhatIsKnownChangesNothing() {
        there.offered(entry(1, 1, 1, "a"), now);
        Versioned copy = there.own().delta().orElseThrow().changes().getFirst();
        there.gone(agent(1), 1, 1, now);
        here.heard(there.own().delta().orElseThrow(), now);
        here.copied("g2", List.of(copy), now);
        assertThat(here.names()).isEmpty();
    }

    @Test
    void itIsKnownSinceWhenAReplicaIsHealthy() {
        here.offered(entry(1, 1, 1, "a"), now);
        long since = now;
        after(Duration.ofSeconds(5));
        here.offered(entry(1, 1, 1, "a", "b"), now);
        assertThat(here.replicas("a").getFirst().healthyNanos()).isEqualTo(since);
        AgentEntry ill = new AgentEntry(agent(1), "x", 1, 1, List.of(Entries.resource("a", Health.UNHEALTHY)));
        here.offered(ill, now);
        after(Duration.ofSeconds(5));
        here.offered(entry(1, 1, 1, "a"), now);
        assertThat(here.replicas("a").getFirst().healthyNanos()).isEqualTo(now);
    }

    @Test
    void aLongListIsToldInSeveralMessages() {
        for (int i = 0; i < CatalogMessage.MAX_ENTRIES + 1; i++) {
            there.offered(entry(i, 1, 1, "a"), now);
        }
        here.heard(there.own().delta().orElseThrow(), now);
        assertThat(here.replicas("a")).hasSize(CatalogMessage.MAX_ENTRIES);
        assertThat(here.heard(there.own().delta().orElseThrow(), now)).isFalse();
        assertThat(here.replicas("a")).hasSize(CatalogMessage.MAX_ENTRIES + 1);
        assertThat(there.own().delta()).isEmpty();
        assertThat(here.heard(there.own().digest(), now)).isFalse();
    }

    /** @return whether something is missing */
    private boolean tell() {
        Optional<CatalogMessage.Delta> delta = there.own().delta();
        return delta.isPresent() && here.heard(delta.get(), now);
    }

    private void after(Duration passed) {
        now += passed.toNanos();
    }
}
