package dev.gatehouse.gateway;

import dev.gatehouse.gateway.catalog.Catalog;
import dev.gatehouse.gateway.catalog.Replica;
import dev.gatehouse.gateway.choice.Affinity;
import dev.gatehouse.gateway.choice.Choice;
import dev.gatehouse.gateway.choice.NearNames;
import dev.gatehouse.gateway.choice.Pick;
import dev.gatehouse.gateway.choice.Question;
import dev.gatehouse.gateway.splice.Replicas;
import dev.gatehouse.gateway.userlink.Users;
import dev.gatehouse.protocol.message.CloseCode;
import dev.gatehouse.shared.people.Decision;
import dev.gatehouse.shared.people.SignIns.SignIn;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What the catalog has and the user may reach, in the order of the choice. Thread-safe. */
final class CatalogReplicas implements Replicas {

    private final String self;
    private final Catalog catalog;
    private final Choice choice;
    private final Users users;
    private final Predicate<String> known;
    private final Supplier<Optional<Affinity>> affinity;

    /**
     * @param known whether there is a resource of that name, offered now or not
     * @param affinity empty while its key is not known
     */
    CatalogReplicas(
            String self,
            Catalog catalog,
            Choice choice,
            Users users,
            Predicate<String> known,
            Supplier<Optional<Affinity>> affinity) {
        this.self = self;
        this.catalog = catalog;
        this.choice = choice;
        this.users = users;
        this.known = known;
        this.affinity = affinity;
    }

    @Override
    public Answer find(String resource, Optional<UUID> agent, String token, SignIn user) {
        List<Replica> replicas = catalog.replicas(resource);
        if (replicas.isEmpty()) {
            return nobody(resource, user);
        }
        List<Replica> allowed = replicas.stream()
                .filter(replica -> may(user, replica).allowed())
                .toList();
        if (allowed.isEmpty()) {
            return forbidden(resource, replicas.getFirst(), user);
        }
        Optional<UUID> own = token.isEmpty()
                ? Optional.empty()
                : affinity.get().flatMap(by -> by.agent(resource, token, Instant.now()));
        Pick pick = choice.pick(new Question(resource, agent.map(UUID::toString), own), allowed, System.nanoTime());
        return pick.refusal()
                .<Answer>map(refusal -> new Refusal(CloseCode.AGENT_OFFLINE, detail(refusal, resource, agent)))
                .orElseGet(() -> new Candidates(pick.candidates().stream()
                        .map(found -> new Candidate(Optional.of(found.agentId()), found.gatewayId()))
                        .toList()));
    }

    @Override
    public String affinity(String resource, UUID agentId) {
        return affinity.get()
                .map(by -> by.token(resource, agentId, Instant.now()))
                .orElse("");
    }

    @Override
    public void opened(String resource, UUID agentId) {
        choice.opened(resource, agentId);
    }

    @Override
    public void closed(String resource, UUID agentId) {
        choice.closed(resource, agentId);
    }

    @Override
    public void failed(String resource, UUID agentId, String reason) {
        choice.failed(resource, agentId, reason, System.nanoTime());
    }

    @Override
    public Optional<Refusal> forbidden(String resource, Optional<UUID> agent, SignIn user) {
        List<Replica> replicas = catalog.replicas(resource).stream()
                .filter(replica -> agent.map(replica.agentId()::equals).orElse(true))
                .toList();
        return replicas.isEmpty()
                        || replicas.stream()
                                .anyMatch(replica -> may(user, replica).allowed())
                ? Optional.empty()
                : Optional.of(forbidden(resource, replicas.getFirst(), user));
    }

    private Refusal forbidden(String resource, Replica replica, SignIn user) {
        return new Refusal(
                CloseCode.FORBIDDEN,
                user.name() + " may not reach '" + resource + "': "
                        + may(user, replica).reason());
    }

    @Override
    public List<UUID> here(String resource) {
        return catalog.replicas(resource).stream()
                .filter(replica -> replica.gateways().contains(self))
                .map(Replica::agentId)
                .toList();
    }

    private Refusal nobody(String resource, SignIn user) {
        if (known.test(resource)) {
            return new Refusal(
                    CloseCode.AGENT_OFFLINE, "'" + resource + "' is offline: no agent that offers it is linked now");
        }
        List<String> near = NearNames.of(
                resource,
                catalog.names().stream()
                        .filter(name -> catalog.replicas(name).stream()
                                .anyMatch(replica -> may(user, replica).allowed()))
                        .toList());
        return new Refusal(
                CloseCode.UNKNOWN_RESOURCE,
                "there is no resource '" + resource + "'"
                        + (near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?"));
    }

    private Decision may(SignIn user, Replica replica) {
        return users.may(user, replica.resource().getLabelsMap());
    }

    private static String detail(Pick.Refusal refusal, String resource, Optional<UUID> agent) {
        return switch (refusal) {
            case NOBODY -> "'" + resource + "' is offline";
            case NOT_THIS_AGENT ->
                "agent " + agent.map(UUID::toString).orElse("") + " does not offer '" + resource + "' now";
            case AMBIGUOUS_AGENT -> "several agents are called so; give the id";
            case ALL_STANDBY -> "all agents that offer '" + resource + "' have the weight 0; name one of them";
        };
    }
}
