package dev.gatehouse.shared.cluster;

import dev.gatehouse.shared.settings.Default;
import dev.gatehouse.shared.settings.Doc;
import dev.gatehouse.shared.settings.HostPort;
import java.time.Duration;
import java.util.List;

/** How processes find each other. One private network only. */
public record ClusterSettings(
        @Default("gatehouse") @Doc("Clusters of different names never join")
        String name,

        @Default("127.0.0.1:5701") @Doc("Where Hazelcast listens")
        HostPort bindingAddress,

        @Default("127.0.0.1:5801") @Doc("Where the event bus listens")
        HostPort busAddress,

        @Default("") @Doc("Hazelcast addresses of other members, HOST:PORT; empty: alone")
        List<HostPort> members,

        @Default("12s") @Doc("A member silent for so long has left")
        Duration heartbeatLimit) {}
