package dev.gatehouse.gateway.splice;

import dev.gatehouse.protocol.message.CloseCode;
import dev.gatehouse.shared.people.SignIns.SignIn;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Which agents offer a resource. Thread-safe. */
public interface Replicas {

    /** What becomes of a name. */
    sealed interface Answer {}

    /** @param inOrder to be tried one after the other, until one opens; at least one */
    record Candidates(List<Candidate> inOrder) implements Answer {}

    /** @param detail for people */
    record Refusal(CloseCode code, String detail) implements Answer {}

    /**
     * Somebody to ask.
     *
     * @param agentId empty: whichever of the gateway's agents offers it
     *
     * @param gatewayId that the agent is linked to; this one's own id for an agent of its own
     */
    record Candidate(Optional<UUID> agentId, String gatewayId) {}

    /**
     * @param agent the only one that will do, if one was named
     * @param affinity as {@link #affinity} has said it before in this session; empty if it has not
     */
    Answer find(String resource, Optional<UUID> agent, String affinity, SignIn user);

    /** For a session that has got this agent; empty if nobody can say it now. */
    String affinity(String resource, UUID agentId);

    /** A tunnel of this gateway's users is open; {@link #closed} follows once. */
    void opened(String resource, UUID agentId);

    void closed(String resource, UUID agentId);

    /** The agent could not open one, for a reason that may last. */
    void failed(String resource, UUID agentId, String reason);

    /** This gateway's own agents that offer it, in the order to be tried. */
    List<UUID> here(String resource);

    /**
     * Why the user may not reach it, if the roles forbid it; empty also while nobody offers it.
     *
     * @param agent the only one in question
     */
    Optional<Refusal> forbidden(String resource, Optional<UUID> agent, SignIn user);
}
