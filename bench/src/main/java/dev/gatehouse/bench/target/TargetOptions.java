package dev.gatehouse.bench.target;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which Gatehouse a load is for: an own one, a local one by its home, or any by its URL. */
public final class TargetOptions {

    /** Less than the 20,000 files that a process may have open here by default. */
    private static final int MAX_AGENTS = 18_000;

    @Option(names = "--home", paramLabel = "DIR", description = "A running local Gatehouse, by its home")
    private Optional<Path> home = Optional.empty();

    @Option(names = "--url", paramLabel = "ADMIN_URL", description = "A running Gatehouse, by its admin URL")
    private Optional<String> url = Optional.empty();

    @Option(names = "--access-url", paramLabel = "URL", description = "With --url: where agents enrol")
    private String accessUrl = "https://localhost:9443";

    @Option(names = "--agent-address", paramLabel = "HOST:PORT", description = "With --url: where agents link to")
    private String agentAddress = "localhost:10000";

    @Option(
            names = "--user",
            description = "With --url (default: ${DEFAULT-VALUE}); the password is in GATEHOUSE_PASSWORD")
    private String user = "admin";

    @Option(names = "--ca-file", paramLabel = "FILE", description = "With --url: the CA to trust")
    private Optional<Path> caFile = Optional.empty();

    @Option(
            names = "--store",
            description =
                    "Of an own `up`: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); s3 is S3Proxy in a JVM of its own")
    private Store store = Store.FOLDER;

    @Option(
            names = "--store-latency",
            paramLabel = "MS",
            description = "With --store s3: each answer of the store comes so many milliseconds later")
    private int storeLatency;

    /** Where an own {@code up} keeps objects. */
    enum Store {
        FOLDER,
        S3
    }

    /** What to do to a target with enrolled agents; its result becomes the last line. */
    public interface Load {
        JsonObject run(Target target, List<Identities.Identity> agents) throws BenchException, InterruptedException;
    }

    /**
     * Runs the load on so many agents, enrolled before; an own Gatehouse is started before that and stopped at the end.
     *
     * @return the exit status
     */
    public int load(int agents, Load load) throws InterruptedException {
        try {
            JsonObject result;
            if (url.isPresent()) {
                result = enrolled(remote(), agents, load);
            } else if (home.isPresent()) {
                result = enrolled(Target.local(home.get()), agents, load);
            } else {
                result = store == Store.S3 ? withS3(agents, load) : withOwn(Map.of(), agents, load);
            }
            System.out.println(result.encode());
            return result.getBoolean("verified", true) ? 0 : 1;
        } catch (BenchException e) {
            System.err.println("bench: " + e.getMessage());
            return 1;
        }
    }

    private JsonObject withS3(int agents, Load load) throws BenchException, InterruptedException {
        TemporaryFolder folder = new TemporaryFolder("gatehouse-bench-s3");
        try (folder;
                S3Behind s3 = S3Behind.start(folder.path(), storeLatency)) {
            return withOwn(s3.environment(), agents, load).put("store", "s3").put("storeLatencyMillis", storeLatency);
        }
    }

    private static JsonObject withOwn(Map<String, String> environment, int agents, Load load)
            throws BenchException, InterruptedException {
        System.err.println("bench: starting an own `up` …");
        try (OwnUp up = OwnUp.start(environment)) {
            return enrolled(Target.local(up.home()), agents, load);
        }
    }

    /** Whether the target is started for this load alone. */
    public boolean isOwn() {
        return url.isEmpty() && home.isEmpty();
    }

    private static JsonObject enrolled(Target target, int agents, Load load)
            throws BenchException, InterruptedException {
        if (agents < 1 || agents > MAX_AGENTS) {
            throw new BenchException("--agents " + agents + "; 1 to " + MAX_AGENTS + " are allowed");
        }
        try (Identities enrolment = new Identities(target)) {
            return load.run(target, enrolment.enrol(agents));
        }
    }

    private Target remote() throws BenchException {
        String password = System.getenv("GATEHOUSE_PASSWORD");
        if (password == null || caFile.isEmpty()) {
            throw new BenchException("--url needs --ca-file and the password in GATEHOUSE_PASSWORD");
        }
        int colon = agentAddress.lastIndexOf(':');
        if (colon < 1) {
            throw new BenchException("--agent-address " + agentAddress + "; HOST:PORT is needed");
        }
        return new Target(
                url.get(),
                accessUrl,
                agentAddress.substring(0, colon),
                Integer.parseInt(agentAddress.substring(colon + 1)),
                user,
                password,
                Target.certificates(caFile.get()),
                "",
                0);
    }
}
