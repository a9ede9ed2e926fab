package dev.gatehouse.gateway.catalog;

import dev.gatehouse.shared.bus.Addresses;
import dev.gatehouse.shared.cluster.Member;
import dev.gatehouse.shared.cluster.Members;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.presence.ResourceTable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalog on the event bus: tells the other gateways what this one's agents offer, each change within {@link #PERIOD} and a digest each second, listens to theirs, and fetches what it has missed.
 *
 * <p>Works on a context of its own; its public methods may be called from any thread once it is deployed.
 */
public final class CatalogVerticle extends VerticleBase {

    /** For how long changes are collected. */
    private static final Duration PERIOD = Duration.ofMillis(50);

    /** How often changes are written to the database. */
    private static final Duration REPORT = Duration.ofMillis(500);

    private static final Duration DIGEST = Duration.ofSeconds(1);

    /** For one page of a snapshot. */
    private static final Duration ANSWER = Duration.ofSeconds(2);

    /** Messages of one period: a gateway whose agents all come back at once needs several. */
    private static final int MAX_DELTAS = 8;

    private static final Logger log = LoggerFactory.getLogger(CatalogVerticle.class);

    private final String self;
    private final Members members;
    private final Catalog catalog;
    private final CatalogCache cache;
    private final ResourceReporter reporter;
    private final Set<String> fetching = new HashSet<>();
    private Context own;

    public CatalogVerticle(String self, Members members, CatalogCache cache, ResourceTable table) {
        this.self = self;
        this.members = members;
        this.catalog = new Catalog(self, CatalogCodecs::size);
        this.cache = cache;
        this.reporter = new ResourceReporter(self, table);
    }

    /** What is known now. */
    public Catalog catalog() {
        return catalog;
    }

    @Override
    public Future<?> start() {
        own = context;
        CatalogCodecs.register(vertx);
        vertx.setPeriodic(PERIOD.toMillis(), tick -> tell());
        vertx.setPeriodic(REPORT.toMillis(), tick -> reporter.report(catalog, System.nanoTime()));
        vertx.setPeriodic(DIGEST.toMillis(), tick -> second());
        members.onChange(this::membersChanged);
        Future<Void> listening = vertx.eventBus()
                .<CatalogMessage>consumer(Addresses.CATALOG, message -> heard(message.body()))
                .completion();
        return vertx.eventBus()
                .<CatalogMessage.Ask>consumer(Addresses.catalog(self), this::answer)
                .completion()
                .compose(answering -> listening)
                .onSuccess(ready -> catalog.members(liveGateways(), System.nanoTime()))
                .onSuccess(ready -> liveGateways().stream()
                        .filter(gateway -> !gateway.equals(self))
                        .forEach(this::fetch));
    }

    /** What an agent says that it offers, over one of its links to this gateway. */
    public void offered(AgentEntry entry) {
        own.runOnContext(now -> catalog.offered(entry, System.nanoTime()));
    }

    /** That link has gone. */
    public void gone(UUID agentId, long run, long counter) {
        own.runOnContext(now -> catalog.gone(agentId, run, counter, System.nanoTime()));
    }

    private void tell() {
        for (int i = 0; i < MAX_DELTAS; i++) {
            Optional<CatalogMessage.Delta> delta = catalog.own().delta();
            if (delta.isEmpty()) {
                return;
            }
            cache.changed(delta.get().changes());
            publish(delta.get());
        }
    }

    private void second() {
        publish(catalog.own().digest());
        catalog.tick(System.nanoTime());
        cache.round(catalog.own());
        catalog.silentFor(CatalogCache.DOUBT, System.nanoTime()).forEach(this::copy);
    }

    /** Its owner is not heard: what Redis has of it may be newer, and is a sign of its life. */
    private void copy(String owner) {
        cache.read(owner)
                .onSuccess(copies -> copies.ifPresent(fresh -> catalog.copied(owner, fresh, System.nanoTime())))
                .onFailure(cause -> log.debug("No copy of the list of {}", owner, cause));
    }

    private void publish(CatalogMessage message) {
        if (vertx.isClustered()) {
            vertx.eventBus().publish(Addresses.CATALOG, message);
        }
    }

    private void heard(CatalogMessage message) {
        if (catalog.heard(message, System.nanoTime())) {
            fetch(message.owner());
        }
    }

    private void answer(Message<CatalogMessage.Ask> ask) {
        ask.reply(catalog.own().page(ask.body().after()));
    }

    private void fetch(String owner) {
        if (fetching.add(owner)) {
            page(owner, Optional.empty());
        }
    }

    /** One page after the other; a failure waits for the next digest. */
    private void page(String owner, Optional<UUID> after) {
        vertx.eventBus()
                .<CatalogMessage.Page>request(
                        Addresses.catalog(owner),
                        new CatalogMessage.Ask(owner, after),
                        new DeliveryOptions().setSendTimeout(ANSWER.toMillis()))
                .onComplete(
                        page -> {
                            catalog.heard(page.body(), System.nanoTime());
                            if (page.body().until().isPresent()) {
                                page(owner, page.body().until());
                            } else {
                                fetching.remove(owner);
                            }
                        },
                        cause -> {
                            log.debug("The list of {} was not fetched", owner, cause);
                            fetching.remove(owner);
                        });
    }

    private Set<String> liveGateways() {
        return members.with(Role.GATEWAY).stream().map(Member::id).collect(Collectors.toSet());
    }

    private void membersChanged() {
        own.runOnContext(now -> catalog.members(liveGateways(), System.nanoTime()));
    }
}
