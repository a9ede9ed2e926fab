package dev.gatehouse.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * PostgreSQL 18 on a folder: durable (fsync and synchronous commit are on), with passwords for everyone, kept in files of the folder that only its owner can read.
 *
 * <p>The first start in a folder makes the cluster of databases, complete or not at all. Thread-safe.
 */
public final class EmbeddedPostgres extends EmbeddedServer {

    /** Changes with the binaries in the class path, so that an upgrade unpacks its own. */
    private static final String VERSION = "postgres-18.6.0";

    private static final String ARCHIVE = "postgres-linux-x86_64.txz";
    private static final String SUPERUSER = "postgres";
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private static final Map<String, String> PARAMETERS = Map.ofEntries(
            Map.entry("listen_addresses", HOST),
            Map.entry("unix_socket_directories", ""),
            Map.entry("max_connections", "200"),
            Map.entry("shared_buffers", "256MB"),
            Map.entry("huge_pages", "off"),
            Map.entry("fsync", "on"),
            Map.entry("synchronous_commit", "on"),
            Map.entry("full_page_writes", "on"),
            Map.entry("max_wal_size", "2GB"),
            Map.entry("jit", "off"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC"),
            Map.entry("log_line_prefix", "%m [%p] %u@%d "),
            Map.entry("logging_collector", "off"));

    /**
     * How to run it.
     *
     * @param folder everything it keeps; made if it is not there
     * @param port on 127.0.0.1; 0: a free one
     * @param binaries where programs are unpacked to, shared by all folders
     * @param parameters server parameters on top of the usual ones
     * @param endWithJvm whether it is stopped, cleanly, when this JVM has ended in any way
     */
    public record Options(Path folder, int port, Path binaries, Map<String, String> parameters, boolean endWithJvm) {

        public Options {
            parameters = Map.copyOf(parameters);
        }

        /** A free port, the usual parameters, ends with this JVM. */
        public static Options in(Path folder) {
            return new Options(folder, 0, Binaries.defaultCache(), Map.of(), true);
        }

        public Options port(int port) {
            return new Options(folder, port, binaries, parameters, endWithJvm);
        }

        public Options binaries(Path binaries) {
            return new Options(folder, port, binaries, parameters, endWithJvm);
        }

        public Options parameters(Map<String, String> parameters) {
            return new Options(folder, port, binaries, parameters, endWithJvm);
        }

        public Options outlivesJvm() {
            return new Options(folder, port, binaries, parameters, false);
        }
    }

    /** How to reach one database. The password is not part of {@link #toString()}. */
    public record Database(String host, int port, String name, String user, String password) {

        public String jdbcUrl() {
            return "jdbc:postgresql://" + host + ":" + port + "/" + name;
        }

        public Connection connect() throws SQLException {
            return DriverManager.getConnection(jdbcUrl(), user, password);
        }

        @Override
        public String toString() {
            return user + "@" + host + ":" + port + "/" + name;
        }
    }

    private final Options options;
    private final RunAs runAs;
    private Path programs;

    private EmbeddedPostgres(Options options, RunAs runAs) {
        super("PostgreSQL", options.folder(), options.port(), options.endWithJvm());
        this.options = options;
        this.runAs = runAs;
    }

    /** A running server with the usual options on the folder. */
    public static EmbeddedPostgres start(Path folder) {
        return start(Options.in(folder));
    }

    /** Not started yet: {@link #restart()} does. */
    public static EmbeddedPostgres of(Options options) {
        return new EmbeddedPostgres(options, RunAs.here());
    }

    /** Returns when connections are accepted. */
    public static EmbeddedPostgres start(Options options) {
        return start(options, RunAs.here());
    }

    static EmbeddedPostgres start(Options options, RunAs runAs) {
        EmbeddedPostgres postgres = new EmbeddedPostgres(options, runAs);
        postgres.launch();
        return postgres;
    }

    /**
     * A standby of a running primary, in a folder of its own that is not there yet: begins with a copy of all that the primary has, and follows it by a replication slot of its folder's name. Not started yet: {@link #restart()} does.
     */
    public static EmbeddedPostgres standbyOf(EmbeddedPostgres primary, Options options) {
        try {
            Files.createDirectories(options.folder());
            writeSecret(options.folder().resolve(SUPERUSER + ".password"), primary.password(SUPERUSER));
            String slot = identifier(options.folder().getFileName().toString());
            EmbeddedPostgres standby = of(options);
            new BaseBackup(primary.admin(), primary.data()).into(standby.data(), slot);
            return standby;
        } catch (IOException | SQLException e) {
            throw new EmbeddedException("no standby made in " + options.folder() + ": " + e.getMessage(), e);
        }
    }

    /** The database {@code postgres} as superuser: for administration and tests. */
    public Database admin() {
        try {
            return new Database(HOST, port(), "postgres", SUPERUSER, password(SUPERUSER));
        } catch (IOException e) {
            throw new EmbeddedException("password of " + SUPERUSER + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The database of this name and its owner, an ordinary role; makes what is not there yet. The password is made once and kept in the folder. */
    public Database createDatabase(String name, String owner) {
        try (Connection connection = admin().connect();
                Statement statement = connection.createStatement()) {
            String password = password(identifier(owner));
            boolean known = exists(statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + owner + "'");
            statement.execute((known ? "ALTER ROLE " : "CREATE ROLE ") + owner + " LOGIN PASSWORD '" + password + "'");
            if (!exists(statement, "SELECT 1 FROM pg_database WHERE datname = '" + identifier(name) + "'")) {
                statement.execute("CREATE DATABASE " + name + " OWNER " + owner);
                statement.execute("REVOKE CONNECT ON DATABASE " + name + " FROM PUBLIC");
            }
            return new Database(HOST, port(), name, owner, password);
        } catch (SQLException | IOException e) {
            throw new EmbeddedException("database " + name + " cannot be made: " + e.getMessage(), e);
        }
    }

    /** As {@link #createDatabase}, and from this host its owner comes in without a password: for demonstrations. To no other database. */
    public Database createOpenDatabase(String name, String owner) {
        Database database = createDatabase(name, owner);
        String rule = "host " + name + " " + owner + " 127.0.0.1/32 trust\n";
        try (Connection connection = admin().connect();
                Statement statement = connection.createStatement()) {
            Path rules = data().resolve("pg_hba.conf");
            String before = Files.readString(rules);
            if (!before.startsWith(rule)) {
                Files.writeString(rules, rule + before); // the first that fits counts
                statement.execute("SELECT pg_reload_conf()");
            }
            return database;
        } catch (SQLException | IOException e) {
            throw new EmbeddedException("database " + name + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** Removes a database, whoever is connected to it. */
    public void dropDatabase(String name) {
        try (Connection connection = admin().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + identifier(name) + " WITH (FORCE)");
        } catch (SQLException e) {
            throw new EmbeddedException("database " + name + " cannot be removed: " + e.getMessage(), e);
        }
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }

    private static String identifier(String name) {
        if (!name.matches("[a-z_][a-z0-9_]{0,62}")) {
            throw new EmbeddedException(
                    "name '" + name + "'; lower-case letters, digits and _ are allowed, at most 63");
        }
        return name;
    }

    private String password(String role) throws IOException {
        Path file = folder().resolve(role + ".password");
        if (!Files.exists(file)) {
            byte[] random = new byte[16];
            new SecureRandom().nextBytes(random);
            writeSecret(file, HexFormat.of().formatHex(random));
        }
        return Files.readString(file).strip();
    }

    private Path data() {
        return folder().resolve("data");
    }

    @Override
    void prepare() throws IOException {
        programs = new Binaries(options.binaries()).unpacked(VERSION, ARCHIVE).resolve("bin");
        if (!Files.exists(data())) {
            new Initdb(programs, runAs, logFile()).run(folder(), data(), SUPERUSER, password(SUPERUSER));
        }
        runAs.own(data());
        forgetReusedPid();
    }

    /** After a reboot the number in the postmaster's file may be another program's; PostgreSQL would refuse to start. */
    private void forgetReusedPid() throws IOException {
        Path file = data().resolve("postmaster.pid");
        Optional<Long> pid =
                LocalProcess.pidIn(file).filter(p -> ProcessHandle.of(p).isPresent());
        if (pid.isPresent()
                && !Files.readString(Path.of("/proc/" + pid.get() + "/comm")).startsWith("postgres")) {
            Files.delete(file);
        }
    }

    @Override
    List<String> command(int port) {
        List<String> command = new ArrayList<>(runAs.prefix());
        command.addAll(List.of(programs.resolve("postgres").toString(), "-D", mark(), "-p", Integer.toString(port)));
        Map<String, String> all = new TreeMap<>(PARAMETERS);
        all.putAll(options.parameters());
        all.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return command;
    }

    @Override
    String mark() {
        return data().toString();
    }

    /** Its own pid file counts too: somebody may have started it by hand. */
    @Override
    List<Path> pidFiles() {
        return List.of(folder().resolve("pid"), data().resolve("postmaster.pid"));
    }

    /** The postmaster says so itself, on line 8 of its file; the port proves that the file is not an older one's. */
    @Override
    boolean answers(int port) {
        try {
            List<String> lines = Files.readAllLines(data().resolve("postmaster.pid"), StandardCharsets.UTF_8);
            if (lines.size() < 8
                    || !lines.get(0).strip().equals(Long.toString(pid()))
                    || !lines.get(7).strip().equals("ready")) {
                return false;
            }
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return true;
            }
        } catch (IOException e) {
            return false;
        }
    }

    /** "Fast": ends the connections, writes a checkpoint. */
    @Override
    String stopSignal() {
        return "INT";
    }

    @Override
    Duration stopLimit() {
        return STOP_LIMIT;
    }
}
