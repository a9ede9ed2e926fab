package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.gateway.catalog.AgentEntry;
import dev.gatehouse.protocol.label.Selector;
import dev.gatehouse.protocol.link.MessageLimits;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.Heartbeat;
import dev.gatehouse.protocol.message.Registered;
import dev.gatehouse.protocol.message.Resource;
import dev.gatehouse.protocol.message.ResourceHealth;
import dev.gatehouse.protocol.message.Resources;
import dev.gatehouse.protocol.message.SignedResource;
import dev.gatehouse.protocol.message.Watch;
import dev.gatehouse.protocol.transport.Link;
import dev.gatehouse.protocol.wire.ProtocolException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What an agent has said of its resources over one link, told on to the catalog when it changes; and what it is told of registered ones. Confined to the link's context. */
final class LinkOffers {

    private final GatewayLinks gateway;
    private final Link link;
    private final Claim claim;
    private final String agentName;
    private List<Resource> offered = List.of();
    private List<Selector> watch = List.of();
    private List<SignedResource> told = List.of();
    private boolean said;

    LinkOffers(GatewayLinks gateway, Link link, Claim claim, String agentName) {
        this.gateway = gateway;
        this.link = link;
        this.claim = claim;
        this.agentName = agentName;
    }

    void said(Resources resources) throws ProtocolException {
        List<Selector> selectors = new ArrayList<>();
        for (Watch each : resources.getWatchList()) {
            selectors.add(MessageLimits.selector(each));
        }
        change(resources.getResourcesList());
        if (!selectors.equals(watch)) {
            watch = List.copyOf(selectors);
            told = List.of();
            if (!watch.isEmpty()) {
                tell(gateway.registered().wanted(watch));
            }
        }
    }

    void said(Heartbeat heartbeat) {
        if (heartbeat.getHealthCount() == 0) {
            return;
        }
        Map<String, ResourceHealth> health = new HashMap<>();
        heartbeat.getHealthList().forEach(each -> health.put(each.getName(), each));
        change(offered.stream()
                .map(resource -> health.containsKey(resource.getName())
                        ? resource.toBuilder()
                                .setHealth(health.get(resource.getName()).toBuilder().clearName())
                                .build()
                        : resource)
                .toList());
    }

    /** The registered resources have changed. */
    void registeredChanged() {
        if (!watch.isEmpty()) {
            List<SignedResource> wanted = gateway.registered().wanted(watch);
            if (!wanted.equals(told)) {
                tell(wanted);
            }
        }
    }

    void ended() {
        if (said) {
            gateway.catalog().gone(claim.agentId(), claim.run(), claim.counter());
        }
    }

    private void tell(List<SignedResource> wanted) {
        told = wanted;
        for (Registered message : gateway.registered().messages(wanted)) {
            link.send(Control.newBuilder().setRegistered(message).build());
        }
    }

    private void change(List<Resource> now) {
        if (said && now.equals(offered)) {
            return;
        }
        said = true;
        offered = List.copyOf(now);
        gateway.catalog().offered(new AgentEntry(claim.agentId(), agentName, claim.run(), claim.counter(), offered));
    }
}
