package dev.gatehouse.agent.resource;

import dev.gatehouse.agent.health.HealthWatch.Known;
import dev.gatehouse.protocol.label.Selector;
import dev.gatehouse.protocol.link.MessageLimits;
import dev.gatehouse.protocol.message.Resource;
import dev.gatehouse.protocol.message.ResourceHealth;
import dev.gatehouse.protocol.message.Resources;
import dev.gatehouse.protocol.message.Watch;
import dev.gatehouse.protocol.message.WatchedLabel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * All that the agent offers at one moment, as gateways are told it. Resources of the file come first: a registered one of the same name is left out, and so is what goes beyond the limits of a message.
 *
 * @param refused what is left out and why, for people
 */
record OfferList(Map<String, Offer> offers, List<WatchRule> rules, List<String> refused) {

    /** Beyond what a RESOURCES holds already, so that health fits in later. */
    private static final int HEALTH_BYTES = MessageLimits.HEALTH_DETAIL + 16;

    static final OfferList NOTHING = new OfferList(Map.of(), List.of(), List.of());

    static OfferList of(Collection<Offer> fromFile, Collection<Offer> registered, List<WatchRule> rules) {
        Map<String, Offer> offers = new LinkedHashMap<>();
        List<String> refused = new ArrayList<>();
        int bytes = watches(rules).getSerializedSize();
        List<Offer> all = new ArrayList<>(fromFile);
        all.addAll(registered);
        for (Offer offer : all) {
            int size = bytes(offer);
            if (offers.containsKey(offer.name())) {
                refused.add("registered resource '" + offer.name() + "' has the name of another one that is offered");
            } else if (offers.size() == MessageLimits.RESOURCES || bytes + size > MessageLimits.RESOURCES_BYTES) {
                refused.add("resource '" + offer.name() + "' is one too many; " + MessageLimits.RESOURCES
                        + " that take " + MessageLimits.RESOURCES_BYTES + " bytes together are allowed");
            } else {
                bytes += size;
                offers.put(offer.name(), offer);
            }
        }
        return new OfferList(offers, rules, List.copyOf(refused));
    }

    /** What an offer takes at most of a RESOURCES. */
    static int bytes(Offer offer) {
        return message(offer, Known.NOTHING, 0).getSerializedSize() + HEALTH_BYTES;
    }

    Optional<Offer> find(String name) {
        return Optional.ofNullable(offers.get(name));
    }

    Resources message(Map<String, Known> known, ToIntFunction<String> tunnels) {
        Resources.Builder message = watches(rules).toBuilder();
        offers.values()
                .forEach(offer -> message.addResources(message(
                        offer, known.getOrDefault(offer.name(), Known.NOTHING), tunnels.applyAsInt(offer.name()))));
        return message.build();
    }

    List<ResourceHealth> health(Map<String, Known> known, ToIntFunction<String> tunnels) {
        return offers.keySet().stream()
                .map(name -> health(known.getOrDefault(name, Known.NOTHING), tunnels.applyAsInt(name))
                        .setName(name)
                        .build())
                .toList();
    }

    private static Resource message(Offer offer, Known known, int tunnels) {
        return Resource.newBuilder()
                .setName(offer.name())
                .setKind(offer.kind().word())
                .putAllLabels(offer.labels())
                .setWeight(offer.weight())
                .setHealth(health(known, tunnels))
                .setRegistered(offer.registered())
                .build();
    }

    private static ResourceHealth.Builder health(Known known, int tunnels) {
        return ResourceHealth.newBuilder()
                .setHealth(known.health())
                .setDetail(known.detail())
                .setTunnels(tunnels);
    }

    private static Resources watches(List<WatchRule> rules) {
        Resources.Builder message = Resources.newBuilder();
        rules.forEach(rule -> message.addWatch(watch(rule.labels())));
        return message.build();
    }

    private static Watch watch(Selector selector) {
        Watch.Builder watch = Watch.newBuilder();
        selector.labels()
                .forEach((key, values) ->
                        watch.addLabels(WatchedLabel.newBuilder().setKey(key).addAllValues(values)));
        return watch.build();
    }
}
