package dev.gatehouse.gateway.agentlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.agentlink.LinkRegistry.Entry;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.transport.LinkTunnels;
import dev.gatehouse.shared.presence.Presence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LinkRegistryTest {

    private static final UUID AGENT = new UUID(0, 1);
    private static final UUID RUN_ID = new UUID(0, 2);
    private static final UUID OTHER_RUN_ID = new UUID(0, 3);

    private final List<String> told = new ArrayList<>();
    private final LinkRegistry registry = new LinkRegistry(
            "g-1",
            (entry, registered) ->
                    told.add((registered ? "+" : "-") + entry.claim().counter()));

    @Test
    void bothSlotsOfARunStayAHigherRunTakesAll() {
        FakeLink first = registered(claim(1, RUN_ID, 0, 1));
        FakeLink second = registered(claim(1, RUN_ID, 1, 2));
        assertThat(first.closed).isNull();
        registered(claim(2, OTHER_RUN_ID, 0, 1));
        assertThat(first.closed.getCode()).isEqualTo(ErrorCode.SUPERSEDED);
        assertThat(second.closed.getCode()).isEqualTo(ErrorCode.SUPERSEDED);
    }

    @Test
    void anOlderLinkCannotUnregisterANewerOne() {
        FakeLink older = registered(claim(1, RUN_ID, 0, 1));
        FakeLink newer = registered(claim(1, RUN_ID, 0, 2));
        registry.unregister(older);
        assertThat(registry.here(AGENT)).containsExactly(newer);
        registry.unregister(newer);
        assertThat(registry.here(AGENT)).isEmpty();
        assertThat(told).containsExactly("+1", "+2", "-2");
    }

    @Test
    void aLowerRunIsStaleAndAnotherCopyADuplicate() {
        FakeLink link = registered(claim(5, RUN_ID, 0, 1));
        LinkError stale = refused(claim(4, RUN_ID, 0, 9));
        assertThat(stale.getCode()).isEqualTo(ErrorCode.STALE_RUN);
        assertThat(stale.getKnownRun()).isEqualTo(5);
        assertThat(refused(claim(5, OTHER_RUN_ID, 1, 1)).getCode()).isEqualTo(ErrorCode.DUPLICATE_IDENTITY);
        assertThat(link.facts().at(System.nanoTime()).duplicate()).contains(OTHER_RUN_ID);
    }

    @Test
    void aNewerLinkElsewhereClosesTheOneHere() {
        FakeLink link = registered(claim(1, RUN_ID, 0, 1));
        registry.registeredElsewhere(elsewhere(claim(1, RUN_ID, 0, 2), 10));
        assertThat(link.closed.getCode()).isEqualTo(ErrorCode.SUPERSEDED);
        registry.unregister(link);
        assertThat(refused(claim(1, RUN_ID, 0, 2)).getCode()).isEqualTo(ErrorCode.SUPERSEDED);
        registry.goneElsewhere("g-2", claim(1, RUN_ID, 0, 2));
        registered(claim(1, RUN_ID, 0, 3));
    }

    @Test
    void anOlderLinkElsewhereIsToldOfTheOneHere() {
        FakeLink link = registered(claim(2, RUN_ID, 0, 7));
        told.clear();
        registry.registeredElsewhere(elsewhere(claim(1, OTHER_RUN_ID, 0, 9), 10));
        assertThat(told).containsExactly("+7");
        assertThat(link.closed).isNull();
    }

    @Test
    void ofTwoCopiesThatLinkAtOnceTheLaterOneGoes() {
        FakeLink link = registered(claim(1, RUN_ID, 0, 1)); // since 100
        registry.registeredElsewhere(elsewhere(claim(1, OTHER_RUN_ID, 0, 1), 101));
        assertThat(link.closed).isNull();
        registry.registeredElsewhere(elsewhere(claim(1, OTHER_RUN_ID, 0, 1), 99));
        assertThat(link.closed.getCode()).isEqualTo(ErrorCode.DUPLICATE_IDENTITY);
    }

    @Test
    void whatAGatewayHadGoesWithIt() {
        registry.registeredElsewhere(elsewhere(claim(3, RUN_ID, 0, 1), 10));
        registry.gatewayLeft("g-2");
        registered(claim(3, RUN_ID, 0, 2));
    }

    @Test
    void aRunStaysKnownForAWhileAfterItsLinks() {
        FakeLink link = registered(claim(3, RUN_ID, 0, 1));
        registry.unregister(link);
        assertThat(refused(claim(2, OTHER_RUN_ID, 0, 1)).getKnownRun()).isEqualTo(3);
        registered(claim(3, RUN_ID, 0, 2));
    }

    private FakeLink registered(Claim claim) {
        FakeLink link = new FakeLink(claim);
        assertThat(registry.register(link, 100)).isEmpty();
        return link;
    }

    private LinkError refused(Claim claim) {
        return registry.register(new FakeLink(claim), 100).orElseThrow();
    }

    private static Entry elsewhere(Claim claim, long since) {
        return new Entry(claim, "g-2", since, null);
    }

    private static Claim claim(long run, UUID runId, int slot, long counter) {
        return new Claim(AGENT, run, runId, slot, counter);
    }

    private static final class FakeLink implements LinkRegistry.Handle {
        private final Claim claim;
        private final AgentFacts facts;
        private LinkError closed;

        FakeLink(Claim claim) {
            this.claim = claim;
            this.facts = new AgentFacts(
                    new Greeting(claim, "1", Map.of(), false, Presence.Spool.EMPTY), "127.0.0.1", System.nanoTime());
        }

        @Override
        public Claim claim() {
            return claim;
        }

        @Override
        public AgentFacts facts() {
            return facts;
        }

        @Override
        public LinkTunnels tunnels() {
            throw new UnsupportedOperationException("it has no link");
        }

        @Override
        public void close(LinkError error) {
            closed = Optional.ofNullable(closed).orElse(error);
        }
    }
}
