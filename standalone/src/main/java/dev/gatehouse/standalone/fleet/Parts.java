package dev.gatehouse.standalone.fleet;

import dev.gatehouse.agent.command.AgentMain;
import dev.gatehouse.agent.status.StatusFile;
import dev.gatehouse.embedded.EmbeddedPostgres;
import dev.gatehouse.embedded.EmbeddedRedis;
import dev.gatehouse.embedded.EmbeddedServer;
import dev.gatehouse.embedded.JavaProcess;
import dev.gatehouse.embedded.S3ProxyProcess;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.standalone.home.DemoFolder;
import dev.gatehouse.standalone.home.Ports;
import dev.gatehouse.standalone.home.Ready;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Makes the processes of a fleet: which program, with what flags, known as ready by what. None runs yet. */
final class Parts {

    static final String POSTGRES = "postgres";
    static final String REDIS = "redis";
    static final String S3 = "s3";
    static final String AGENT = "agent";

    /** Of one process; more than a pool for each of the smallest dozen. */
    private static final int POSTGRES_CONNECTIONS = 400;

    /** A service's own limit for its shutdown and a little. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(35);

    private static final Map<Role, String> MAINS = Map.of(
            Role.GATEWAY, "dev.gatehouse.gateway.GatewayMain",
            Role.INGEST_WORKER, "dev.gatehouse.ingest.IngestMain",
            Role.BACKGROUND_WORKER, "dev.gatehouse.background.BackgroundMain",
            Role.ADMIN_API, "dev.gatehouse.admin.AdminMain");

    /** Bounds, not needs: an idle one stays at a tenth. */
    private static final Map<Role, Integer> HEAP_MEGABYTES =
            Map.of(Role.GATEWAY, 512, Role.INGEST_WORKER, 512, Role.BACKGROUND_WORKER, 256, Role.ADMIN_API, 256);

    /** All captured bytes go through these. */
    private static final Set<Role> BUSY = Set.of(Role.GATEWAY, Role.INGEST_WORKER);

    private static final int AGENT_HEAP_MEGABYTES = 128;

    private final Folders folders;
    private final Ports ports;
    private final Supplier<Optional<Path>> archive;
    private final Consumer<String> say;

    Parts(Folders folders, Ports ports, Supplier<Optional<Path>> archive, Consumer<String> say) {
        this.folders = folders;
        this.ports = ports;
        this.archive = archive;
        this.say = say;
    }

    Part part(String name, String role, EmbeddedServer server) {
        return new Part(name, role, "", server, say);
    }

    EmbeddedPostgres postgres() {
        return EmbeddedPostgres.of(EmbeddedPostgres.Options.in(folders.home().at(POSTGRES))
                .port(ports.postgres())
                .parameters(Map.of("max_connections", Integer.toString(POSTGRES_CONNECTIONS))));
    }

    EmbeddedRedis redis() {
        return EmbeddedRedis.of(
                EmbeddedRedis.Options.in(folders.home().at(REDIS)).port(ports.redis()));
    }

    S3ProxyProcess s3() {
        return S3ProxyProcess.of(folders.home().at(S3), ports.s3(), true);
    }

    /** A service, ready when its status endpoint says so. */
    Part service(Shape.Replica replica) {
        return service(replica, replica.name());
    }

    private Part service(Shape.Replica replica, String name) {
        Path settings = folders.settings(name);
        URI ready = URI.create(Ready.statusUrl(replica.ports()) + "/health/ready");
        JavaProcess process = JavaProcess.of(new JavaProcess.Program(
                name,
                folders.of(name),
                replica.ports().status(),
                () -> JavaCommand.of(
                        MAINS.get(replica.role()),
                        archive.get(),
                        HEAP_MEGABYTES.get(replica.role()),
                        flags(name, !BUSY.contains(replica.role())),
                        List.of("--config", settings.toString())),
                settings.toString(),
                JavaProcess.answersOk(ready),
                STOP_LIMIT,
                true));
        return new Part(name, replica.role().word(), Ready.statusUrl(replica.ports()), process, say);
    }

    /** Those that a fleet of another shape may have left in the home: only to be ended. */
    List<Part> earlier(Set<String> present) throws IOException {
        Path run = folders.home().at("run");
        if (!Files.isDirectory(run)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(run)) {
            return all.map(folder -> folder.getFileName().toString())
                    .filter(name -> !present.contains(name))
                    .map(name -> name.equals(DemoFolder.NAME)
                            ? demo(new DemoFolder(folders.home(), ports))
                            : service(new Shape.Replica(Role.GATEWAY, 1, ports.ofUp()), name))
                    .toList();
        }
    }

    /** The demo agent, ready when it says that it runs. */
    Part demo(DemoFolder demo) {
        String name = DemoFolder.NAME;
        JavaProcess process = JavaProcess.of(new JavaProcess.Program(
                name,
                folders.of(name),
                0,
                () -> JavaCommand.of(
                        AgentMain.class.getName(),
                        archive.get(),
                        AGENT_HEAP_MEGABYTES,
                        flags(name, true),
                        List.of(
                                "run",
                                "--dir",
                                demo.path().toString(),
                                "--config",
                                demo.settings().toString(),
                                "--ledger",
                                demo.ledger().toString())),
                demo.settings().toString(),
                () -> runs(demo.path()),
                STOP_LIMIT,
                true));
        return part(name, AGENT, process);
    }

    private static boolean runs(Path agent) {
        try {
            return StatusFile.read(agent).getBoolean("running");
        } catch (IOException notYet) {
            return false;
        }
    }

    private List<String> flags(String name, boolean light) {
        List<String> flags = new ArrayList<>(light ? JavaCommand.LIGHT : List.of());
        flags.addAll(List.of(
                "-Dlogback.configurationFile=logback-up.xml",
                "-Dgatehouse.logs=" + folders.home().at("logs"),
                "-Dgatehouse.log=" + name));
        return flags;
    }
}
