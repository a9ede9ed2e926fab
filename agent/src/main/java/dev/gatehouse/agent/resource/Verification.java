package dev.gatehouse.agent.resource;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatehouse.agent.health.HealthCheck;
import dev.gatehouse.protocol.identity.Signatures;
import dev.gatehouse.protocol.link.MessageLimits;
import dev.gatehouse.protocol.message.RegisteredResource;
import dev.gatehouse.protocol.message.SignedResource;
import dev.gatehouse.protocol.resource.ResourceAddress;
import dev.gatehouse.protocol.resource.ResourceKind;
import dev.gatehouse.protocol.resource.ResourceName;
import io.vertx.core.buffer.Buffer;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Whether the agent offers a registered resource: only what a CA that it trusts has signed, with labels that one rule of its file asks for, at an address that the same rule allows. So whoever
 * takes over a gateway, or even the CA, cannot have the agent dial anything but what its own file allows.
 *
 * <p>Pure; thread-safe.
 */
final class Verification {

    /** Why a registered resource is not offered. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    private final List<X509Certificate> trust;
    private final List<WatchRule> rules;

    Verification(List<X509Certificate> trust, List<WatchRule> rules) {
        this.trust = List.copyOf(trust);
        this.rules = List.copyOf(rules);
    }

    Offer check(SignedResource signed) throws Refused {
        Buffer statement = Buffer.buffer(signed.getStatement().toByteArray());
        Buffer signature = Buffer.buffer(signed.getSignature().toByteArray());
        if (trust.stream().noneMatch(ca -> Signatures.resourceMatches(ca, statement, signature))) {
            throw new Refused("a registered resource of " + statement.length()
                    + " bytes is not signed by the CA of this deployment");
        }
        RegisteredResource resource;
        try {
            resource = RegisteredResource.parseFrom(signed.getStatement());
        } catch (InvalidProtocolBufferException e) {
            throw new Refused("a registered resource cannot be decoded: " + e.getMessage());
        }
        return offer(resource);
    }

    private Offer offer(RegisteredResource resource) throws Refused {
        if (!ResourceName.isValid(resource.getName())) {
            throw new Refused("a registered resource has no name that can be one");
        }
        String name = "registered resource '" + resource.getName() + "' ";
        ResourceKind kind = ResourceKind.of(resource.getKind())
                .orElseThrow(() -> new Refused(
                        name + "has the kind '" + resource.getKind() + "'; known are " + ResourceKind.words()));
        ResourceAddress address;
        try {
            address = ResourceAddress.of(kind, resource.getUri());
        } catch (IllegalArgumentException e) {
            throw new Refused(name + "has a uri that " + e.getMessage());
        }
        if (resource.getWeight() < 0
                || resource.getWeight() > MessageLimits.WEIGHT
                || resource.getLabelsCount() > MessageLimits.LABELS) {
            throw new Refused(name + "has a weight or more labels than are allowed");
        }
        List<WatchRule> wanted = rules.stream()
                .filter(rule -> rule.labels().matches(resource.getLabelsMap()))
                .toList();
        if (wanted.isEmpty()) {
            throw new Refused(name + "has labels that no `watch` of the agent's file asks for");
        }
        if (wanted.stream().noneMatch(rule -> rule.allow().stream().anyMatch(glob -> glob.matches(address)))) {
            throw new Refused(name + "is at " + address + ", which no `allow` of the agent's file allows");
        }
        return new Offer(
                resource.getName(),
                kind,
                address,
                resource.getLabelsMap(),
                HealthCheck.of("", kind, address),
                resource.getWeight(),
                true);
    }
}
