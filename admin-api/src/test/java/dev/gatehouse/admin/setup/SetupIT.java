package dev.gatehouse.admin.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.custody.CertificateAuthorities;
import dev.gatehouse.shared.custody.NodeToken;
import dev.gatehouse.shared.people.Login;
import dev.gatehouse.shared.people.Passwords;
import dev.gatehouse.shared.people.Person;
import dev.gatehouse.shared.people.SignIns;
import dev.gatehouse.shared.postgres.Postgres;
import dev.gatehouse.shared.postgres.PostgresSettings;
import dev.gatehouse.shared.testing.TestNode;
import dev.gatehouse.shared.testing.TestServers;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SetupIT {

    private final PostgresSettings database = TestServers.newDatabase();
    private final Vertx vertx = Vertx.vertx();
    private final Pool pool = Postgres.pool(vertx, database);
    private final Passwords passwords = new Passwords(vertx);
    private final Login login = new Login(pool, passwords, new Audit("test"));
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        TestNode.get(passwords.close());
        TestNode.get(pool.close());
        TestNode.get(vertx.close());
    }

    @Test
    void setsADeploymentUpOnce() throws Exception {
        // WHEN it is run
        assertThat(init()).as(err.toString()).isZero();
        // THEN there is everything, for its owner's eyes only where it is secret
        Path made = folder.resolve("deployment");
        assertThat(made.resolve("trust/agents-ca.pem")).isRegularFile();
        assertThat(made.resolve("trust/nodes-ca.pem")).isRegularFile();
        for (String secret : List.of("custody/agents-ca.key", "custody/nodes-ca.key", "node-token", "admin-password")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.resolve(secret))))
                    .as(secret)
                    .isEqualTo("rw-------");
        }
        assertThat(CertificateAuthorities.load(made.resolve("custody"))).isNotNull();
        assertThat(NodeToken.read(made.resolve("node-token"))).hasSizeGreaterThan(42);
        assertThat(signIn(
                        "admin",
                        Files.readString(made.resolve("admin-password")).strip()))
                .isTrue();
        assertThat(out.toString()).contains("made   " + made.resolve("node-token"));
        // WHEN it is run again
        List<String> before = contents(made);
        out.getBuffer().setLength(0);
        assertThat(init()).isZero();
        // THEN nothing has changed, and it says so
        assertThat(contents(made)).isEqualTo(before);
        assertThat(out.toString())
                .contains("found  " + made.resolve("node-token"), "Nothing to do")
                .doesNotContain("made ");
    }

    @Test
    void makesWhatIsMissingAndNothingElse() throws Exception {
        init();
        Path made = folder.resolve("deployment");
        Files.delete(made.resolve("trust/nodes-ca.pem"));
        Files.delete(made.resolve("admin-password"));
        assertThat(init()).isZero();
        assertThat(made.resolve("trust/nodes-ca.pem")).isRegularFile();
        assertThat(made.resolve("admin-password"))
                .as("somebody can sign in already")
                .doesNotExist();
        // a token that is gone is not silently replaced: nodes have it
        Files.delete(made.resolve("node-token"));
        assertThat(init()).isEqualTo(1);
        assertThat(err.toString()).contains("node-token is missing");
    }

    @Test
    void aDatabaseThatIsAwayIsNotReachable() throws IOException {
        int nobody = TestServers.freePort();
        Path config = Files.writeString(
                folder.resolve("away.yaml"), "postgres: {hosts: '127.0.0.1:" + nobody + "', startWait: 100ms}");
        assertThat(execute(none -> Optional.empty(), "init", "--config", config.toString(), "--out", folder.toString()))
                .isEqualTo(4);
        assertThat(err.toString()).contains("127.0.0.1:" + nobody);
        assertThat(folder.resolve("custody")).doesNotExist();
    }

    @Test
    void aNewPasswordEndsTheSignInsOfItsUser() throws Exception {
        init();
        SignIns signIns = new SignIns(pool, Duration.ofHours(1));
        Person admin = TestNode.get(login.check(
                "admin",
                Files.readString(folder.resolve("deployment/admin-password")).strip(),
                ""));
        String token = TestNode.get(signIns.create(admin, "")).token();
        assertThat(password("admin", "another long one")).as(err.toString()).isZero();
        assertThat(TestNode.get(signIns.check(token))).isEmpty();
        assertThat(signIn("admin", "another long one")).isTrue();
        assertThat(TestNode.get(
                        pool.query("select actor from audit where action = 'person.password' and target = 'admin'")
                                .execute()))
                .first()
                .satisfies(row -> assertThat(row.getString(0)).startsWith("os:"));
        // a user who is not there, a password that will not do, no way to ask
        assertThat(password("amdin", "another long one")).isEqualTo(1);
        assertThat(err.toString()).contains("no user 'amdin'; did you mean admin?");
        assertThat(password("admin", "short")).isEqualTo(1);
        assertThat(execute(none -> Optional.empty(), "password", "admin", "--config", config()))
                .isEqualTo(2);
        assertThat(signIn("admin", "another long one")).isTrue();
    }

    private boolean signIn(String name, String password) {
        return TestNode.get(login.check(name, password, "")).name().equals(name);
    }

    private int init() throws IOException {
        return execute(
                none -> Optional.empty(),
                "init",
                "--config",
                config(),
                "--out",
                folder.resolve("deployment").toString());
    }

    private int password(String name, String password) throws IOException {
        return execute(variable -> Optional.of(password), "password", name, "--config", config());
    }

    private int execute(Function<String, Optional<String>> environment, String... arguments) {
        CommandLine line = SetupMain.line(environment);
        return line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
    }

    private String config() throws IOException {
        return Files.writeString(
                        folder.resolve("gatehouse.yaml"),
                        "postgres: {hosts: '" + database.hosts().getFirst() + "', database: " + database.database()
                                + ", user: " + database.user() + ", password: '"
                                + database.password().orElseThrow().value() + "'}")
                .toString();
    }

    private static List<String> contents(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .sorted()
                    .map(SetupIT::content)
                    .toList();
        }
    }

    private static String content(Path file) {
        try {
            return file + ": " + Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
