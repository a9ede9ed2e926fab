package dev.gatehouse.shared.redis;

import dev.gatehouse.shared.settings.Default;
import dev.gatehouse.shared.settings.Doc;
import dev.gatehouse.shared.settings.HostPort;
import dev.gatehouse.shared.settings.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Redis: copies of presence and sign-ins, never the truth. */
public record RedisSettings(
        @Default("127.0.0.1:6379") @Doc("HOST:PORT of the one Redis; not used if there are sentinels")
        HostPort address,

        @Default("") @Doc("HOST:PORT of all Sentinels: the master that they name is used")
        List<HostPort> sentinels,

        @Default("mymaster") @Doc("What the Sentinels call the master")
        String masterName,

        @Doc("User of Redis's access list; without one the password is the default user's")
        Optional<String> user,

        @Doc("Password") Optional<Secret> password,
        @Doc("The same at the Sentinels") Optional<String> sentinelUser,
        @Doc("The same at the Sentinels") Optional<Secret> sentinelPassword,

        @Doc("CA that has signed the certificates of Redis and Sentinels; given: TLS with the host name checked")
        Optional<Path> caFile,

        @Doc("Certificate for a Redis that asks its clients for one, in PEM")
        Optional<Path> certificateFile,

        @Doc("The certificate's private key, in PEM") Optional<Path> keyFile,
        @Default("2s") @Doc("For one command") Duration timeout,
        @Default("8") @Doc("Connections of one process") int poolSize,

        @Default("1000") @Doc("Commands that may wait for a connection")
        int maxWaiting) {

    /** For people: which Redis it is. */
    String where() {
        return sentinels.isEmpty()
                ? address.toString()
                : masterName + " of the Sentinels "
                        + sentinels.stream().map(HostPort::toString).collect(Collectors.joining(", "));
    }
}
