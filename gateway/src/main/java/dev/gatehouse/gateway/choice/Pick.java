package dev.gatehouse.gateway.choice;

import java.util.List;
import java.util.Optional;

/**
 * The answer.
 *
 * @param candidates to be tried in this order as long as no byte has passed; empty if refused
 * @param verdicts on all replicas, the best standing first
 */
public record Pick(List<Candidate> candidates, List<Verdict> verdicts, Optional<Refusal> refusal) {

    /** Why there is nobody. */
    public enum Refusal {
        /** Nobody offers a resource of that name now. */
        NOBODY,
        /** Others offer it, but not the agent that was named. */
        NOT_THIS_AGENT,
        /** Several agents call themselves by the name that was given. */
        AMBIGUOUS_AGENT,
        /** All have the weight 0, so that one must be named. */
        ALL_STANDBY
    }
}
