package dev.gatehouse.agent.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.agent.health.HealthCheck;
import dev.gatehouse.agent.health.HealthWatch.Known;
import dev.gatehouse.protocol.link.MessageLimits;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.Health;
import dev.gatehouse.protocol.message.Resources;
import dev.gatehouse.protocol.resource.ResourceAddress;
import dev.gatehouse.protocol.resource.ResourceKind;
import dev.gatehouse.protocol.wire.ProtocolException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OfferListTest {

    @Test
    void theFilesResourceOfANameGoesFirst() {
        OfferList list = OfferList.of(
                List.of(offer("db", "10.0.0.1", false)), List.of(offer("db", "10.0.0.2", true)), List.of());
        assertThat(list.find("db").orElseThrow().address()).hasToString("10.0.0.1:5432");
        assertThat(list.refused())
                .containsExactly("registered resource 'db' has the name of another one that is offered");
        assertThat(list.find("nothing")).isEmpty();
    }

    /** However long the reasons become, one frame holds what the agent says. */
    @Test
    void neverMoreThanAMessageHolds() throws ProtocolException {
        List<Offer> many = IntStream.range(0, 300)
                .mapToObj(i -> offer("x".repeat(58) + i, "10.0.0.1", false))
                .toList();
        OfferList list = OfferList.of(many, List.of(), List.of());
        assertThat(list.offers()).hasSizeLessThanOrEqualTo(MessageLimits.RESOURCES);
        assertThat(list.offers().size() + list.refused().size()).isEqualTo(300);
        Map<String, Known> known = list.offers().keySet().stream()
                .collect(java.util.stream.Collectors.toMap(
                        name -> name, name -> new Known(Health.UNHEALTHY, "y".repeat(MessageLimits.HEALTH_DETAIL))));
        Resources message = list.message(known, name -> 1_000_000);
        assertThat(message.getSerializedSize()).isLessThanOrEqualTo(MessageLimits.RESOURCES_BYTES);
        MessageLimits.check(Control.newBuilder().setResources(message).build());
    }

    @Test
    void saysHowEachIsAndHowManyUseIt() {
        OfferList list = OfferList.of(List.of(offer("db", "10.0.0.1", false)), List.of(), List.of());
        Map<String, Known> known = Map.of("db", new Known(Health.UNHEALTHY, "refused"));
        assertThat(list.health(known, name -> 3)).singleElement().satisfies(health -> {
            assertThat(health.getName()).isEqualTo("db");
            assertThat(health.getHealth()).isEqualTo(Health.UNHEALTHY);
            assertThat(health.getDetail()).isEqualTo("refused");
            assertThat(health.getTunnels()).isEqualTo(3);
        });
    }

    private static Offer offer(String name, String host, boolean registered) {
        ResourceAddress address = ResourceAddress.of(ResourceKind.POSTGRES, "postgres://" + host);
        return new Offer(
                name,
                ResourceKind.POSTGRES,
                address,
                Map.of("a label", "with its value"),
                HealthCheck.of("", ResourceKind.POSTGRES, address),
                1,
                registered);
    }
}
