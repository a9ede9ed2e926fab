package dev.gatehouse.shared.node;

import dev.gatehouse.shared.settings.Default;
import dev.gatehouse.shared.settings.Doc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What this process is called and how it ends. */
public record NodeSettings(
        @Doc("Name of this node, unique in the cluster; role and host name if not given")
        Optional<String> name,

        @Default("30s") @Doc("All steps of a shutdown together take at most this")
        Duration shutdownLimit,

        @Default("3s")
        @Doc(
                "Between \"not ready\" and the first that is sent away: balancers take note meanwhile; of gateways and admin-apis")
        Duration balancerGrace,

        @Default("3s")
        @Doc(
                "A gateway that leaves sends its agents elsewhere over this, at random times, and waits for them three times as long at most")
        Duration drainSpread,

        @Doc("Folder that keeps this node's certificate and key over restarts; not kept if not given")
        Optional<Path> directory) {}
