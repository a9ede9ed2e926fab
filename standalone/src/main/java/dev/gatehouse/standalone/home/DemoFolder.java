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

/** The folder of the agent {@code demo}: enrolled once like any other, over HTTPS with a join token; captures the files of {@code HOME/watched} and the lines of logs put there, and offers the {@link DemoTargets}. */
public final class DemoFolder {

    public static final String NAME = "demo";

    private static final Duration TOKEN_TIME = Duration.ofMinutes(5);
    private static final long LIMIT_SECONDS = 60;

    private static final String FIRST_LINE = "# The demo agent's file, for port offset ";

    private final Home home;
    private final Ports ports;

    public DemoFolder(Home home, Ports ports) {
        this.home = home;
        this.ports = ports;
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
        if (!Files.exists(settings()) || isUntouched()) {
            Files.writeString(settings(), text(ports));
        }
    }

    /** Whether it is as it was written, perhaps for other ports. */
    private boolean isUntouched() throws IOException {
        String there = Files.readString(settings());
        String first = there.lines().findFirst().orElse("");
        String offset = first.startsWith(FIRST_LINE) ? first.substring(FIRST_LINE.length()).replaceAll("\\D.*", "") : "";
        return offset.matches("\\d{1,5}")
                && Integer.parseInt(offset) <= Ports.MAX_OFFSET
                && there.equals(text(new Ports(Integer.parseInt(offset))));
    }

    private String text(Ports of) {
        return FIRST_LINE + of.offset() + """
                . Change it and start again; `resources` are taken over at once.
                labels:
                  demo: "true"
                sources:
                  - kind: watch
                    paths: ["%1$s"]
                  - kind: tail
                    paths: ["%1$s/**/*.log"]
                resources:
                  - name: demo-postgres
                    kind: postgres
                    uri: "postgres://%5$s@127.0.0.1:%2$d/%5$s"
                    labels: {demo: "true", user: %5$s, database: %5$s}
                  - name: demo-echo
                    kind: tcp
                    uri: "tcp://127.0.0.1:%3$d"
                    labels: {demo: "true"}
                  - name: demo-web
                    kind: web
                    uri: "http://127.0.0.1:%4$d"
                    labels: {demo: "true"}
                    health: /
                """.formatted(
                        home.at("watched"), of.postgres(), of.demoEcho(), of.demoWeb(), DemoTargets.DATABASE);
    }
}
