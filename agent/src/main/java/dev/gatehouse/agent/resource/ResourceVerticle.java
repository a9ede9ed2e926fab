package dev.gatehouse.agent.resource;

import dev.gatehouse.agent.health.HealthWatch;
import dev.gatehouse.agent.tunnel.Offers;
import dev.gatehouse.protocol.message.Registered;
import dev.gatehouse.protocol.message.ResourceHealth;
import dev.gatehouse.protocol.message.Resources;
import dev.gatehouse.protocol.message.SignedResource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's resources: what it offers now, where each is and how it is. Changes come from the agent's file and from the deployment; tunnels that are open are not touched by them.
 *
 * <p>Works on a context of its own. Its public methods may be called from any thread once it is deployed.
 */
public final class ResourceVerticle extends VerticleBase implements Offers {

    private static final Logger log = LoggerFactory.getLogger(ResourceVerticle.class);

    private final List<X509Certificate> trust;
    private final Registrations registrations = new Registrations();
    private final Map<String, AtomicInteger> tunnels = new ConcurrentHashMap<>();
    private volatile Runnable onResources = () -> {};
    private volatile Runnable onHealth = () -> {};
    private volatile OfferList list = OfferList.NOTHING;
    private List<Offer> fromFile;
    private List<WatchRule> rules;
    private HealthWatch watch;
    private Context own;

    /** @param trust the CAs that may sign registered resources */
    public ResourceVerticle(List<Offer> fromFile, List<WatchRule> rules, List<X509Certificate> trust) {
        this.fromFile = List.copyOf(fromFile);
        this.rules = List.copyOf(rules);
        this.trust = List.copyOf(trust);
    }

    @Override
    public Future<?> start() {
        own = context;
        watch = new HealthWatch(vertx, () -> onHealth.run());
        offer();
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        return watch.close();
    }

    /** Who tells gateways: what is offered has changed, or only how it is. Called on any thread. */
    public void onChange(Runnable resources, Runnable health) {
        onResources = resources;
        onHealth = health;
    }

    // For tunnels -----------------------------------------------------------------------------------------------------

    @Override
    public Optional<Target> find(String name) {
        return list.find(name)
                .map(offer -> new Target(
                        offer.address().host(),
                        offer.address().port(),
                        offer.kind().word()));
    }

    /** Known-bad at once means that nobody else is sent here. */
    @Override
    public void dialled(String name, Optional<String> failure) {
        watch.dialled(name, failure);
    }

    @Override
    public void opened(String name) {
        tunnels.computeIfAbsent(name, first -> new AtomicInteger()).incrementAndGet();
    }

    @Override
    public void closed(String name) {
        tunnels.computeIfPresent(name, (known, open) -> open.decrementAndGet() > 0 ? open : null);
    }

    // For links -------------------------------------------------------------------------------------------------------

    /** RESOURCES as it is now. */
    public Resources message() {
        return list.message(watch.known(), this::open);
    }

    /** What HEARTBEAT says of resources. */
    public List<ResourceHealth> health() {
        return list.health(watch.known(), this::open);
    }

    /** What a gateway has said over the link of a slot. */
    public void registered(int slot, Registered part) {
        own.runOnContext(now -> {
            if (registrations.received(slot, part)) {
                offer();
            }
        });
    }

    /** The link of a slot has gone. */
    public void left(int slot) {
        own.runOnContext(now -> {
            if (registrations.left(slot)) {
                offer();
            }
        });
    }

    // ------------------------------------------------------------------------------------------------------------------

    /** The agent's file says something else now. */
    public void change(List<Offer> nowFromFile, List<WatchRule> nowRules) {
        own.runOnContext(now -> {
            fromFile = List.copyOf(nowFromFile);
            rules = List.copyOf(nowRules);
            offer();
        });
    }

    private void offer() {
        Verification verification = new Verification(trust, rules);
        List<Offer> registered = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (SignedResource signed : registrations.current()) {
            try {
                registered.add(verification.check(signed));
            } catch (Verification.Refused e) {
                refused.add(e.getMessage());
            }
        }
        OfferList before = list;
        OfferList next = OfferList.of(fromFile, registered, rules);
        refused.addAll(next.refused());
        refused.forEach(why -> log.warn("Not offered: {}", why));
        list = next;
        watch.follow(next.offers().values().stream().map(Offer::target).toList());
        if (!next.offers().equals(before.offers()) || !next.rules().equals(before.rules())) {
            log.info("Offers {} resources", next.offers().size());
            onResources.run();
        }
    }

    private int open(String name) {
        AtomicInteger open = tunnels.get(name);
        return open == null ? 0 : open.get();
    }
}
