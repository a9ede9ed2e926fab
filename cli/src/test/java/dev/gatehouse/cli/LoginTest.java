package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.identity.Pin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginTest {

    @TempDir
    Path folder;

    private Path config() {
        return folder.resolve("config");
    }

    @Test
    void keepsTheTokenWhereOnlyTheUserCanReadIt() throws IOException {
        try (FakeAdmin admin = new FakeAdmin()) {
            Run login = Run.login(config(), admin);
            assertThat(login.err()).contains("as admin until 2026-11-22T00:00:00Z");
            assertThat(login.status()).isZero();
            Path file = config().resolve("sign-in.json");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config())))
                    .isEqualTo("rwx------");
            assertThat(Files.readString(file)).contains(FakeAdmin.TOKEN).doesNotContain(FakeAdmin.PASSWORD);
            try (var files = Files.list(config())) {
                assertThat(files).hasSize(1);
            }
        }
    }

    @Test
    void whoamiAndLogout() {
        try (FakeAdmin admin = new FakeAdmin()) {
            admin.objects.put(
                    "me",
                    new com.fasterxml.jackson.databind.ObjectMapper()
                            .createObjectNode()
                            .put("user", "admin")
                            .put("accessDomain", "apps.localhost"));
            Run.login(config(), admin);
            assertThat(Run.of(config(), "whoami").out()).startsWith("user    admin");
            assertThat(Run.of(config(), "whoami", "-o", "json")
                            .json()
                            .path("user")
                            .asText())
                    .isEqualTo("admin");
            assertThat(Run.of(config(), "logout").status()).isZero();
            assertThat(admin.signedIn).as("told the server").isFalse();
            Run after = Run.of(config(), "whoami");
            assertThat(after.status()).isEqualTo(5);
            assertThat(after.err()).contains("not signed in; first: gatehouse login --url");
            assertThat(Run.of(config(), "logout").status()).as("again").isZero();
            // AND the next login knows where and who
            assertThat(Run.of(config(), "login").status()).isZero();
        }
    }

    @Test
    void refusalsAndAbsencesHaveTheirStatus() throws IOException {
        try (FakeAdmin admin = new FakeAdmin()) {
            Run wrong = Run.of(
                    Map.of("GATEHOUSE_CONFIG_DIR", config().toString(), "GATEHOUSE_PASSWORD", "wrong"),
                    "login",
                    "--url",
                    admin.url(),
                    "--user",
                    "admin");
            assertThat(wrong.status()).isEqualTo(5);
            assertThat(wrong.err()).contains("user name or password is wrong");
            assertThat(Files.exists(config())).isFalse();
            Run.login(config(), admin);
            admin.signedIn = false;
            Run ended = Run.of(config(), "agents", "ls");
            assertThat(ended.status()).isEqualTo(5);
            assertThat(ended.err()).contains("not signed in: the sign-in is not known or has ended");
            admin.fail(403, "forbidden", "needs the role administrator");
            assertThat(Run.of(config(), "agents", "ls").status()).isEqualTo(5);
        }
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        Run nobody = Run.of(config(), "login", "--url", "https://127.0.0.1:" + closed, "--user", "admin");
        assertThat(nobody.status()).isEqualTo(4);
        assertThat(nobody.err()).contains("127.0.0.1:" + closed + " is not reachable");
        Run unknown = Run.of(config(), "login", "--url", "https://no-such-host.invalid", "--user", "admin");
        assertThat(unknown.status()).isEqualTo(4);
    }

    @Test
    void wrongUsageIsTwo() {
        for (String[] arguments : new String[][] {
            {},
            {"no-such-command"},
            {"agents"},
            {"login", "--url", "http://example.com", "--user", "x"},
            {"login", "--url", "https://user@example.com", "--user", "x"},
            {"login", "--url", "nonsense", "--user", "x"},
            {"login", "--user", "x"},
            {"login", "--url", "https://127.0.0.1:1", "--user", "x", "--ca-pin", "sha256:12"},
            {"login", "--url", "https://127.0.0.1:1", "--user", "x", "--ca-pin", "a", "--ca-file", "b"},
            {"agents", "ls", "-o", "xml"},
            {"agents", "ls", "--limit", "-1"},
            {"agents", "revoke", "x"},
            {"events", "--from", "yesterday"},
            {"tokens", "create", "--ttl", "1y"},
            {"verify"}
        }) {
            assertThat(Run.of(config(), arguments).status())
                    .as(String.join(" ", arguments))
                    .isEqualTo(2);
        }
        Run noPassword = Run.of(
                Map.of("GATEHOUSE_CONFIG_DIR", config().toString()),
                "login",
                "--url",
                "https://127.0.0.1:1",
                "--user",
                "x");
        assertThat(noPassword.status()).isEqualTo(2);
        assertThat(noPassword.err()).contains("set GATEHOUSE_PASSWORD");
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : new String[] {
            "login",
            "logout",
            "whoami",
            "agents",
            "agents ls",
            "agents revoke",
            "tokens",
            "tokens create",
            "tokens ls",
            "tokens rm",
            "streams",
            "streams ls",
            "streams get",
            "events",
            "verify",
            "nodes ls",
            "audit ls"
        }) {
            Run help = Run.of(config(), (command + " --help").split(" "));
            assertThat(help.status()).as(command).isZero();
            assertThat(help.out()).as(command).startsWith("Usage: gatehouse " + command);
        }
        assertThat(Run.of(config(), "--help").out()).contains("agents", "verify", "up  ", "Exit status");
    }

    @Test
    void trustsOnlyTheCaItWasGiven() throws Exception {
        TestTls tls = TestTls.create();
        TestTls other = TestTls.create();
        try (FakeAdmin admin = new FakeAdmin(tls.server())) {
            // GIVEN nothing to trust, THEN nothing is sent
            Run blind = Run.login(config(), admin);
            assertThat(blind.status()).isEqualTo(4);
            assertThat(blind.err()).contains("cannot be trusted").contains("--ca-pin");
            assertThat(admin.asked).isEmpty();
            // WHEN it is the file of another CA, THEN neither
            Path file = Files.writeString(folder.resolve("other.pem"), Pem.text(other.ca()));
            assertThat(Run.login(config(), admin, "--ca-file", file.toString()).status())
                    .isEqualTo(4);
            assertThat(admin.asked).isEmpty();
            Files.writeString(file, Pem.text(tls.ca()));
            assertThat(Run.login(config(), admin, "--ca-file", file.toString()).status())
                    .isZero();
            assertThat(Run.of(config(), "tokens", "rm", "x").err())
                    .as("the CA is remembered")
                    .contains("there is no join-tokens/x");
        }
    }

    @Test
    void aPinIsHeldAgainstTheCaBeforeThePasswordIsSent() throws Exception {
        TestTls tls = TestTls.create();
        TestTls other = TestTls.create();
        try (FakeAdmin admin = new FakeAdmin(tls.server())) {
            String pin = Pin.of(tls.ca()).toString();
            admin.ca = Pem.text(other.ca());
            Run between = Run.login(config(), admin, "--ca-pin", pin);
            assertThat(between.status()).isEqualTo(5);
            assertThat(between.err()).contains("another CA than the pin says");
            assertThat(admin.asked(asked -> asked.path().equals("login"))).isEmpty();
            admin.ca = Pem.text(tls.ca());
            assertThat(Run.login(config(), admin, "--ca-pin", pin).status()).isZero();
            // a server that shows the right CA but has no certificate by it
            try (FakeAdmin impostor = new FakeAdmin(other.server())) {
                impostor.ca = Pem.text(tls.ca());
                assertThat(Run.login(config(), impostor, "--ca-pin", pin).status())
                        .isEqualTo(4);
                assertThat(impostor.asked(asked -> asked.path().equals("login")))
                        .isEmpty();
            }
        }
    }
}
