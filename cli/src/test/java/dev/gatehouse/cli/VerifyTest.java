package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyTest {

    private static final UUID STREAM = new UUID(5, 5);

    @TempDir
    Path folder;

    private final FakeAdmin admin = new FakeAdmin();
    private final List<String> ledger = new ArrayList<>();

    @BeforeEach
    void login() {
        assertThat(Run.login(folder.resolve("config"), admin).status()).isZero();
        for (int i = 1; i <= 1234; i++) {
            acknowledge(i);
            store(i).put("sha256", sha256(i)).put("state", "whole");
        }
    }

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void saysThatAllIsThere() throws IOException {
        Run run = verify();
        assertThat(run.status()).isZero();
        assertThat(run.out()).isEqualTo("""
                        1234 acknowledged chunks in 1 streams, 0 expired by retention
                        0 missing, 0 different, 0 duplicated
                        """);
        assertThat(admin.asked(asked -> asked.path().endsWith("/chunks")))
                .as("page by page")
                .hasSize(3);
    }

    @Test
    void failsWhenSomethingIsWrong() throws IOException {
        acknowledge(2000);
        store(1300).put("sha256", sha256(1)).put("state", "whole");
        store(1300).put("sha256", sha256(1)).put("state", "whole");
        admin.lists.get("streams/" + STREAM + "/chunks").get(500).put("sha256", sha256(7));
        admin.lists
                .get("streams/" + STREAM + "/chunks")
                .get(501)
                .putNull("sha256")
                .put("state", "unreadable");
        admin.lists
                .get("streams/" + STREAM + "/chunks")
                .get(502)
                .putNull("sha256")
                .put("state", "expired");
        Run run = verify("-o", "json");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.json().path("missing").asInt()).isEqualTo(2);
        assertThat(run.json().path("different").asInt()).isOne();
        assertThat(run.json().path("duplicated").asInt()).isOne();
        assertThat(run.json().path("expired").asInt()).isOne();
        assertThat(run.json().path("examples")).hasSize(4);
    }

    @Test
    void aBusyServerIsAskedAgain() throws IOException {
        for (int i = 0; i < 3; i++) {
            admin.fail(429, "too-many-requests", "slowly");
        }
        assertThat(verify().status()).isZero();
    }

    @Test
    void cannotSayWithoutLedgerOrServer() throws IOException {
        Run none = Run.of(folder.resolve("config"), "verify", "--ledger", "no-such-file");
        assertThat(none.status()).isEqualTo(1);
        assertThat(none.err()).contains("no ledger no-such-file");
        assertThat(verify().status()).isZero();
        admin.close();
        Run away = verify();
        assertThat(away.status()).as("not 1: nothing is known").isEqualTo(4);
        assertThat(away.out()).isEmpty();
    }

    private Run verify(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("verify", "--ledger"));
        arguments.add(Files.write(folder.resolve("ledger"), ledger).toString());
        arguments.addAll(List.of(more));
        return Run.of(folder.resolve("config"), arguments.toArray(String[]::new));
    }

    private void acknowledge(int sequence) {
        ledger.add("{\"stream\":\"" + STREAM + "\",\"sequence\":" + sequence + ",\"sha256\":\"" + sha256(sequence)
                + "\",\"bytes\":9,\"time\":\"2026-11-21T08:00:00Z\"}");
    }

    private ObjectNode store(int sequence) {
        return admin.item("streams/" + STREAM + "/chunks")
                .put("sequence", sequence)
                .put("bytes", 9);
    }

    private static String sha256(int number) {
        return HexFormat.of().toHexDigits((long) number).repeat(4);
    }
}
