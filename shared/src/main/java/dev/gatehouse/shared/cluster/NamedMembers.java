package dev.gatehouse.shared.cluster;

import com.hazelcast.cluster.Address;
import com.hazelcast.spi.discovery.DiscoveryNode;
import com.hazelcast.spi.discovery.SimpleDiscoveryNode;
import com.hazelcast.spi.discovery.integration.DiscoveryService;
import dev.gatehouse.shared.settings.HostPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where other members may be: all addresses of all names, looked up again each time Hazelcast asks, as it does while joining and as long as it looks for clusters to merge with. A name that nobody knows yet is no error.
 *
 * <p>Hazelcast's own list of members takes only the first address of a name. Blocking, on Hazelcast's threads.
 */
final class NamedMembers implements DiscoveryService {

    /** How long the first look waits until a name that stands for all members stands for this one, too: then it does for those that began earlier. */
    private static final Duration OWN_NAME = Duration.ofSeconds(10);

    private static final long PAUSE_MILLIS = 250;
    private static final Logger log = LoggerFactory.getLogger(NamedMembers.class);

    private final List<HostPort> names;
    private final HostPort own;
    private boolean awaitOwn;

    /**
     * @param own address of this member
     *
     * @param standsForAll whether this member is among the addresses of the names
     */
    NamedMembers(List<HostPort> names, HostPort own, boolean standsForAll) {
        this.names = names;
        this.own = own;
        this.awaitOwn = standsForAll;
    }

    @Override
    public void start() {}

    @Override
    public synchronized Iterable<DiscoveryNode> discoverNodes() {
        Set<HostPort> found = look();
        if (awaitOwn) {
            long deadline = System.nanoTime() + OWN_NAME.toNanos();
            while (!found.contains(own) && System.nanoTime() - deadline < 0 && pause()) {
                found = look();
            }
            if (!found.contains(own)) {
                log.warn("{} does not stand for this node's {} yet; going on", names, own);
            }
            awaitOwn = false;
        }
        return found.stream().map(NamedMembers::node).toList();
    }

    private Set<HostPort> look() {
        Set<HostPort> found = new LinkedHashSet<>();
        for (HostPort name : names) {
            try {
                for (InetAddress address : InetAddress.getAllByName(name.host())) {
                    found.add(new HostPort(address.getHostAddress(), name.port()));
                }
            } catch (UnknownHostException notYet) {
                log.debug("Nobody is known as {}", name.host());
            }
        }
        return found;
    }

    private static DiscoveryNode node(HostPort address) {
        try {
            return new SimpleDiscoveryNode(new Address(address.host(), address.port()));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(address + " is no address", e);
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void destroy() {}

    @Override
    public Map<String, String> discoverLocalMetadata() {
        return Map.of();
    }
}
