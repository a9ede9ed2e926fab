package dev.gatehouse.bench.target;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which Gatehouse a load is for: an own one, a local one by its home, or any by its URL. */
public final class TargetOptions {

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

    /** What to do with a target. */
    public interface Load {
        int run(Target target) throws BenchException, InterruptedException;
    }

    /** Runs the load; an own Gatehouse is started before and stopped after. */
    public int with(Load load) throws BenchException, InterruptedException {
        if (url.isPresent()) {
            return load.run(remote());
        }
        if (home.isPresent()) {
            return load.run(Target.local(home.get()));
        }
        System.err.println("bench: starting an own `up` …");
        try (OwnUp up = OwnUp.start()) {
            return load.run(Target.local(up.home()));
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
