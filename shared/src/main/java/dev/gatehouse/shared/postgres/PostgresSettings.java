package dev.gatehouse.shared.postgres;

import dev.gatehouse.shared.settings.Default;
import dev.gatehouse.shared.settings.Doc;
import dev.gatehouse.shared.settings.HostPort;
import dev.gatehouse.shared.settings.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The database. */
public record PostgresSettings(
        @Default("127.0.0.1:5432") @Doc("HOST:PORT of the database's nodes; the writable one is used")
        List<HostPort> hosts,

        @Default("gatehouse") @Doc("Database") String database,
        @Default("gatehouse") @Doc("User") String user,
        @Doc("Password of the user") Optional<Secret> password,
        @Default("16") @Doc("Connections of one process") int poolSize,

        @Default("1000") @Doc("Requests that may wait for a connection")
        int maxWaiting,

        @Default("5s") @Doc("To connect") Duration connectTimeout,

        @Default("60s") @Doc("How long a start waits for the database to take connections")
        Duration startWait,

        @Default("15s") @Doc("For one statement, kept by the database")
        Duration statementTimeout,

        @Doc("CA that has signed the server's certificate; given: TLS with the host name checked")
        Optional<Path> caFile) {}
