package dev.gatehouse.gateway.splice;

import dev.gatehouse.gateway.splice.Replicas.Refusal;
import dev.gatehouse.protocol.message.CloseCode;
import dev.gatehouse.shared.people.SignIns.SignIn;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;

/** Who is asked before a tunnel of a user goes on, and told how it fares. Thread-safe. */
public interface SessionGate {

    /**
     * A tunnel that a user asks for.
     *
     * @param agent that it must be
     */
    record Asked(UUID session, SignIn user, String resource, Optional<UUID> agent, boolean resume) {}

    /** Told of one tunnel. Any thread. */
    interface Watch {

        void relayed(boolean up, int bytes);

        void opened(UUID agentId);

        /** At least once. */
        void ended();
    }

    /** Why it may not be; empty: it may. */
    Optional<Refusal> refusal(Asked tunnel);

    /**
     * It begins.
     *
     * @param cut ends it, with what the user is told; from any thread, also when it has ended
     */
    Watch begin(Asked tunnel, BiConsumer<CloseCode, String> cut);
}
