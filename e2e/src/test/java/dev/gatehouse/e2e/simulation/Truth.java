package dev.gatehouse.e2e.simulation;

import static dev.gatehouse.e2e.simulation.Clock.require;

import dev.gatehouse.agent.spool.SteppedSpool;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What an all-knowing observer holds against the world: what each spool has promised to keep, what is durable, and what agents take for durable.
 *
 * <p>Each chunk's content begins with a number that no other has. An agent whose disk was replaced by an older copy (a <em>loser</em>) has lost what it promised since that copy, and uses numbers again. What it
 * has in its spool from then on is held to the same: acknowledged only when durable, and durable in the end. Only, it may be durable twice.
 */
final class Truth {

    private final Map<Long, UUID> promised = new HashMap<>();
    private final Set<Long> durable = new HashSet<>();
    final Set<UUID> losers = new HashSet<>();
    long acked;

    /** The spool has forced it. */
    void promised(UUID agent, long content) {
        promised.put(content, agent);
    }

    void durable(UUID agent, UUID stream, Buffer payload) {
        require(Chunk.crcMatches(payload), "a chunk of stream %s was damaged on its way", stream);
        require(
                durable.add(content(payload)) || losers.contains(agent),
                "content %d is durable twice, the second time as number %d of stream %s",
                content(payload),
                Chunk.sequence(payload),
                stream);
    }

    /** The agent is about to trim its spool. */
    void acked(UUID agent, SteppedSpool spool, UUID stream, long next, Database database) {
        UUID wireId = spool.stream(stream).orElseThrow().alias().id();
        for (long number : spool.numbers(stream, next)) {
            Buffer sent = spool.read(stream, number).orElseThrow();
            Optional<Buffer> stored = database.chunk(wireId, Chunk.sequence(sent));
            require(stored.isPresent(), "chunk %d of %s is acknowledged and not durable", number, stream);
            require(stored.get().equals(sent), "chunk %d of %s is durable with other bytes", number, stream);
            acked++;
        }
    }

    /** What the agent has promised until now. */
    Set<Long> promisedBy(UUID agent) {
        Set<Long> contents = new HashSet<>();
        promised.forEach((content, by) -> {
            if (by.equals(agent)) {
                contents.add(content);
            }
        });
        return contents;
    }

    /** The agent's disk is an older copy: it has promised this and nothing else. */
    void restored(UUID agent, Set<Long> kept) {
        losers.add(agent);
        promised.entrySet().removeIf(entry -> entry.getValue().equals(agent) && !kept.contains(entry.getKey()));
    }

    void checkAllDurable() {
        promised.forEach((content, agent) ->
                require(durable.contains(content), "content %d of %s never became durable", content, agent));
    }

    int durableCount() {
        return durable.size();
    }

    static long content(Buffer payload) {
        try {
            return Chunk.decode(payload).bytes().getLong(0);
        } catch (ProtocolException e) {
            throw new IllegalStateException(e);
        }
    }
}
