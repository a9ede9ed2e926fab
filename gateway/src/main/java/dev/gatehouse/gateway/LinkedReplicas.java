package dev.gatehouse.gateway;

import dev.gatehouse.gateway.agentlink.AgentLinks;
import dev.gatehouse.gateway.splice.Replicas;
import dev.gatehouse.gateway.userlink.Users;
import dev.gatehouse.protocol.message.CloseCode;
import dev.gatehouse.shared.cluster.Member;
import dev.gatehouse.shared.cluster.Members;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.people.Decision;
import dev.gatehouse.shared.people.SignIns.SignIn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What agents that are linked here have said of themselves, in random order; behind them the other gateways, which know their own agents. Until there is a catalog of all. Thread-safe.
 */
final class LinkedReplicas implements Replicas {

    private final String self;
    private final AgentLinks links;
    private final Members members;
    private final Users users;

    LinkedReplicas(String self, AgentLinks links, Members members, Users users) {
        this.self = self;
        this.links = links;
        this.members = members;
        this.users = users;
    }

    @Override
    public Choice find(String resource, Optional<UUID> agent, SignIn user) {
        Decision decision = users.may(user, Map.of());
        if (!decision.allowed()) {
            return new Refusal(
                    CloseCode.FORBIDDEN, user.name() + " may not reach '" + resource + "': " + decision.reason());
        }
        List<Candidate> candidates = new ArrayList<>();
        if (agent.isPresent()) {
            if (links.tunnels(agent.get()).isPresent()) {
                candidates.add(new Candidate(agent, self));
            }
            links.elsewhere(agent.get()).forEach(gateway -> candidates.add(new Candidate(agent, gateway)));
        } else {
            here(resource).forEach(id -> candidates.add(new Candidate(Optional.of(id), self)));
            List<String> others = new ArrayList<>(members.with(Role.GATEWAY).stream()
                    .map(Member::id)
                    .filter(id -> !id.equals(self))
                    .toList());
            Collections.shuffle(others);
            others.forEach(gateway -> candidates.add(new Candidate(Optional.empty(), gateway)));
        }
        return candidates.isEmpty()
                ? new Refusal(
                        agent.isPresent() ? CloseCode.AGENT_OFFLINE : CloseCode.UNKNOWN_RESOURCE,
                        agent.map(id -> "agent " + id + " is not linked")
                                .orElse("no agent that is linked offers '" + resource + "'"))
                : new Candidates(candidates);
    }

    @Override
    public List<UUID> here(String resource) {
        List<UUID> agents = new ArrayList<>(links.offering(resource));
        Collections.shuffle(agents);
        return agents;
    }
}
