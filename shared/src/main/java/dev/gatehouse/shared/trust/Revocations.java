package dev.gatehouse.shared.trust;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Which agents and certificates may no longer be used, as the last poll of the {@link Topics} has seen it.
 *
 * <p>Loaded whole after each change: revocations are few. Thread-safe; asking costs a look-up in memory.
 */
public final class Revocations {

    private record View(Set<UUID> agents, Set<BigInteger> serials) {}

    private final Pool postgres;
    private final List<Consumer<UUID>> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> changes = new CopyOnWriteArrayList<>();
    private volatile View view = new View(Set.of(), Set.of());
    private long asked; // with `taken`: confined to the context of the topics
    private long taken;

    private Revocations(Pool postgres) {
        this.postgres = postgres;
    }

    /** To be called before {@link Topics#start()}, whose end says that the first view is there if it is {@linkplain Topics#current() current}. */
    public static Revocations follow(Topics topics, Pool postgres) {
        Revocations revocations = new Revocations(postgres);
        topics.onChange(Topic.REVOCATIONS, revocations::load);
        return revocations;
    }

    public boolean isRevoked(UUID agentId) {
        return view.agents.contains(agentId);
    }

    /** For one certificate of an agent that itself is in good standing. */
    public boolean isRevoked(BigInteger serial) {
        return view.serials.contains(serial);
    }

    /** Tells each agent that has become revoked, also those of the first view, on the context of the topics. */
    public void onRevoked(Consumer<UUID> listener) {
        listeners.add(listener);
    }

    /** Tells that something has become revoked or is no more, an agent or a certificate, on the context of the topics: ask again. */
    public void onChange(Runnable listener) {
        changes.add(listener);
    }

    private Future<Void> load() {
        long ticket = ++asked;
        Future<RowSet<Row>> agents =
                postgres.query("select id from agent where state = 'revoked'").execute();
        Future<RowSet<Row>> serials = postgres.query(
                        "select serial from certificate where revoked_at is not null and not_after > clock_timestamp()")
                .execute();
        return Future.all(agents, serials).map(both -> {
            Set<UUID> agentIds = new HashSet<>();
            agents.result().forEach(row -> agentIds.add(row.getUUID(0)));
            Set<BigInteger> numbers = new HashSet<>();
            serials.result().forEach(row -> numbers.add(row.getNumeric(0).bigIntegerValue()));
            if (ticket > taken) { // a load that was given up may still answer, after a newer one
                taken = ticket;
                take(new View(agentIds, numbers));
            }
            return null;
        });
    }

    private void take(View next) {
        View before = view;
        view = next;
        for (UUID agentId : next.agents) {
            if (!before.agents.contains(agentId)) {
                listeners.forEach(listener -> listener.accept(agentId));
            }
        }
        changes.forEach(Runnable::run);
    }
}
