package dev.gatehouse.shared.cluster;

import dev.gatehouse.shared.settings.Default;
import dev.gatehouse.shared.settings.Doc;
import dev.gatehouse.shared.settings.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How processes find each other. One private network only. */
public record ClusterSettings(
        @Default("gatehouse") @Doc("Clusters of different names never join")
        String name,

        @Default("127.0.0.1:5701") @Doc("Where Hazelcast listens")
        HostPort bindingAddress,

        @Default("127.0.0.1:5801") @Doc("Where the event bus listens")
        HostPort busAddress,

        @Default("list") @Doc("How other members are found: by `members`, or by all addresses of `serviceName`")
        Discovery discovery,

        @Default("")
        @Doc("list: Hazelcast addresses of other members, HOST:PORT, whoever of them is there; empty: alone")
        List<HostPort> members,

        @Doc("dns, kubernetes: host name with an address per member; in Kubernetes that of a headless service")
        Optional<String> serviceName,

        @Default("12s") @Doc("A member silent for so long has left")
        Duration heartbeatLimit,

        @Default("3")
        @Doc("Background-workers that there should be, an odd number; with half of them or less it is said")
        int expectedBackgroundWorkers) {

    /** Where the addresses of other members come from. */
    public enum Discovery {
        LIST,
        DNS,
        KUBERNETES
    }
}
