package dev.gatehouse.gateway.splice;

import java.util.UUID;

/** Who is told how one tunnel fares. Any thread. */
interface Traffic {

    /** Bytes were sent on: up to the agent, or down to the user. */
    void relayed(boolean up, int bytes);

    /** An agent was asked, and its target does not answer, or it has no room. */
    default void failed(UUID agentId, String reason) {}

    /** An agent has opened it. */
    default void opened(UUID agentId) {}

    /** It is no more at this gateway; it may have moved. At least once. */
    default void ended() {}
}
