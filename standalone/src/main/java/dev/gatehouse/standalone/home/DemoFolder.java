package dev.gatehouse.standalone.home;

import dev.gatehouse.agent.enrol.EnrolClient;
import dev.gatehouse.agent.enrol.EnrolException;
import dev.gatehouse.agent.enrol.Identity;
import dev.gatehouse.protocol.identity.Pin;
import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.custody.JoinTokens;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The folder of the agent {@code demo}: enrolled once like any other, over HTTPS with a join token; captures the files of {@code HOME/watched} and the lines of logs put there. */
public final class DemoFolder {

    public static final String NAME = "demo";

    private static final Duration TOKEN_TIME = Duration.ofMinutes(5);
    private static final long LIMIT_SECONDS = 60;

    private final Home home;

    public DemoFolder(Home home) {
        this.home = home;
    }

    public Path path() {
        return home.at("agent");
    }

    public Path settings() {
        return path().resolve("agent.yaml");
    }

    public Path ledger() {
        return path().resolve("ledger.jsonl");
    }

    /** Makes what is not there yet; blocks. */
    public void prepare(Pool postgres, String issuer, String accessUrl, Pin pin)
            throws IOException, EnrolException, InterruptedException, TimeoutException {
        if (!Identity.exists(path())) {
            String token = new JoinTokens(postgres, new Audit(issuer))
                    .create(1, TOKEN_TIME, Map.of("demo", "true"), "up", "")
                    .await(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .token();
            EnrolClient.enrol(URI.create(accessUrl), token, pin, NAME).save(path());
        }
        if (!Files.exists(settings())) {
            Files.writeString(settings(), """
                    # The demo agent's file; change it and start again.
                    labels:
                      demo: "true"
                    sources:
                      - kind: watch
                        paths: ["%1$s"]
                      - kind: tail
                        paths: ["%1$s/**/*.log"]
                    """.formatted(home.at("watched")));
        }
    }
}
