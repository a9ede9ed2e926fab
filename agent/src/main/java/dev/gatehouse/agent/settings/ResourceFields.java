package dev.gatehouse.agent.settings;

import dev.gatehouse.agent.health.HealthCheck;
import dev.gatehouse.agent.resource.Offer;
import dev.gatehouse.agent.resource.WatchRule;
import dev.gatehouse.protocol.label.Selector;
import dev.gatehouse.protocol.label.SelectorException;
import dev.gatehouse.protocol.link.MessageLimits;
import dev.gatehouse.protocol.resource.AddressGlob;
import dev.gatehouse.protocol.resource.ResourceAddress;
import dev.gatehouse.protocol.resource.ResourceKind;
import dev.gatehouse.protocol.resource.ResourceName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what the agent's file says of resources: those that it offers, and which registered ones it serves. */
final class ResourceFields {

    private ResourceFields() {}

    static List<Offer> resources(Fields top) {
        List<Offer> resources = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<Fields> all = top.objects("resources");
        for (Fields fields : all) {
            Optional<Offer> resource = resource(fields);
            resource.filter(known -> !names.add(known.name()))
                    .ifPresent(twice -> fields.problem("name", "'" + twice.name() + "' is there twice"));
            resource.ifPresent(resources::add);
        }
        if (all.size() > MessageLimits.RESOURCES) {
            top.problem(
                    "resources", "has " + all.size() + " entries; at most " + MessageLimits.RESOURCES + " are allowed");
        }
        return resources;
    }

    private static Optional<Offer> resource(Fields fields) {
        String name = fields.needed("name");
        String kindWord = fields.needed("kind");
        String uri = fields.needed("uri");
        Map<String, String> labels = AgentFile.checkedLabels(fields, "labels");
        String health = fields.text("health").orElse("");
        int weight = fields.number("weight", 1, 0, MessageLimits.WEIGHT);
        fields.end();
        if (!name.isEmpty() && !ResourceName.isValid(name)) {
            fields.problem("name", "is '" + name + "'; " + ResourceName.ALLOWED + " are allowed");
        }
        Optional<ResourceKind> kind = ResourceKind.of(kindWord);
        if (kind.isEmpty()) {
            if (!kindWord.isEmpty()) {
                fields.problem("kind", "is '" + kindWord + "'; " + Fields.nearest(kindWord, kinds()));
            }
            return Optional.empty();
        }
        if (uri.isEmpty()) {
            return Optional.empty();
        }
        try {
            ResourceAddress address = ResourceAddress.of(kind.get(), uri);
            return Optional.of(new Offer(
                    name, kind.get(), address, labels, check(fields, health, kind.get(), address), weight, false));
        } catch (IllegalArgumentException e) {
            fields.problem("uri", e.getMessage());
            return Optional.empty();
        }
    }

    private static HealthCheck check(Fields fields, String health, ResourceKind kind, ResourceAddress address) {
        try {
            return HealthCheck.of(health, kind, address);
        } catch (IllegalArgumentException e) {
            fields.problem("health", e.getMessage());
            return new HealthCheck(HealthCheck.Way.NONE, "");
        }
    }

    private static List<String> kinds() {
        return Arrays.stream(ResourceKind.values()).map(ResourceKind::word).toList();
    }

    static List<WatchRule> watched(Fields top) {
        List<WatchRule> rules = new ArrayList<>();
        List<Fields> all = top.objects("watch");
        for (Fields fields : all) {
            Selector labels = Selector.NOTHING;
            try {
                labels = Selector.of(fields.selector("labels"));
            } catch (SelectorException e) {
                fields.problem("labels", "can't be used: " + e.getMessage());
            }
            List<AddressGlob> allow = new ArrayList<>();
            List<String> globs = fields.texts("allow");
            for (String glob : globs) {
                try {
                    allow.add(AddressGlob.of(glob));
                } catch (IllegalArgumentException e) {
                    fields.problem("allow", e.getMessage());
                }
            }
            if (globs.isEmpty()) {
                fields.problem("allow", "is missing; HOST:PORT globs that may be dialled are needed");
            }
            fields.end();
            rules.add(new WatchRule(labels, List.copyOf(allow)));
        }
        if (all.size() > MessageLimits.WATCHES) {
            top.problem("watch", "has " + all.size() + " entries; at most " + MessageLimits.WATCHES + " are allowed");
        }
        return rules;
    }
}
