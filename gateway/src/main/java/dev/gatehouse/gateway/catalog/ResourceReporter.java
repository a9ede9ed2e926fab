package dev.gatehouse.gateway.catalog;

import dev.gatehouse.protocol.message.Resource;
import dev.gatehouse.shared.presence.OfferedResources;
import dev.gatehouse.shared.presence.ResourceTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what this gateway's agents offer to the database, where it stays when they go. Of an agent's gateways the one with the lowest id writes; everything is written again each {@link #AGAIN}, whatever another one may have
 * written. A database that is away costs a log line.
 *
 * <p>Confined to the catalog's context.
 */
final class ResourceReporter {

    static final Duration AGAIN = Duration.ofMinutes(1);

    private static final Logger log = LoggerFactory.getLogger(ResourceReporter.class);

    private final String self;
    private final ResourceTable table;
    private Map<UUID, List<Resource>> written = new HashMap<>();
    private long againNanos = System.nanoTime();
    private boolean busy;
    private boolean failing;

    ResourceReporter(String self, ResourceTable table) {
        this.self = self;
        this.table = table;
    }

    /** Called several times a second; does nothing when nothing has changed. */
    void report(Catalog catalog, long nowNanos) {
        if (busy) {
            return;
        }
        if (nowNanos - againNanos >= AGAIN.toNanos()) {
            againNanos = nowNanos;
            written = new HashMap<>();
        }
        List<OfferedResources> changed = new ArrayList<>();
        Map<UUID, List<Resource>> now = new HashMap<>();
        for (AgentEntry entry : catalog.own().all()) {
            List<String> gateways = catalog.gateways(entry.agentId());
            if (gateways.isEmpty() || !gateways.getFirst().equals(self)) {
                continue;
            }
            now.put(entry.agentId(), entry.resources());
            if (!entry.resources().equals(written.get(entry.agentId()))) {
                changed.add(offered(entry));
            }
        }
        if (changed.isEmpty()) {
            written = now;
            return;
        }
        busy = true;
        table.replace(changed).onComplete(done -> {
            busy = false;
            if (done.succeeded()) {
                written = now;
            } else if (!failing) {
                log.warn("What agents offer is not written to PostgreSQL; tried again", done.cause());
            }
            failing = done.failed();
        });
    }

    private static OfferedResources offered(AgentEntry entry) {
        return new OfferedResources(
                entry.agentId(),
                entry.resources().stream()
                        .map(resource -> new OfferedResources.Offered(
                                resource.getName(),
                                resource.getKind(),
                                resource.getLabelsMap(),
                                resource.getWeight(),
                                switch (resource.getHealth().getHealth()) {
                                    case HEALTHY -> "healthy";
                                    case UNHEALTHY -> "unhealthy";
                                    case HEALTH_UNKNOWN, UNRECOGNIZED -> "unknown";
                                },
                                resource.getHealth().getDetail(),
                                resource.getHealth().getTunnels(),
                                resource.getRegistered()))
                        .toList());
    }
}
