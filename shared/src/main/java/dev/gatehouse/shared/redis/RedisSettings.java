package dev.gatehouse.shared.redis;

import dev.gatehouse.shared.settings.Default;
import dev.gatehouse.shared.settings.Doc;
import dev.gatehouse.shared.settings.HostPort;
import dev.gatehouse.shared.settings.Secret;
import java.time.Duration;
import java.util.Optional;

/** Redis: copies of presence and sign-ins, never the truth. */
public record RedisSettings(
        @Default("127.0.0.1:6379") @Doc("HOST:PORT") HostPort address,
        @Doc("Password") Optional<Secret> password,
        @Default("2s") @Doc("For one command") Duration timeout,
        @Default("8") @Doc("Connections of one process") int poolSize,

        @Default("1000") @Doc("Commands that may wait for a connection")
        int maxWaiting) {}
