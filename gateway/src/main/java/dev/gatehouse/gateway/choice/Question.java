package dev.gatehouse.gateway.choice;

import java.util.Optional;
import java.util.UUID;

/**
 * What is to be chosen.
 *
 * @param resource its name
 * @param agent id or name of the agent that the user has named
 * @param own the agent that the session has had so far
 */
public record Question(String resource, Optional<String> agent, Optional<UUID> own) {

    public static Question of(String resource) {
        return new Question(resource, Optional.empty(), Optional.empty());
    }
}
