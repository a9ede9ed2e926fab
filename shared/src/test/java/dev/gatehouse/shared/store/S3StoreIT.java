package dev.gatehouse.shared.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.embedded.S3ProxyProcess;
import dev.gatehouse.shared.settings.Secret;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract against S3Proxy in a process of its own, and what may happen to such a server. */
class S3StoreIT extends ObjectStoreContract {

    @TempDir
    static Path folder;

    private static S3ProxyProcess server;
    private static final AtomicInteger buckets = new AtomicInteger();

    private final String bucket = "bucket-" + buckets.incrementAndGet();

    @BeforeAll
    static void startServer() {
        server = S3ProxyProcess.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    ObjectStore openEmpty() {
        return open(server.url(), server.secretKey(), Duration.ofSeconds(30));
    }

    private ObjectStore open(String url, String secretKey, Duration timeout) {
        return Stores.open(
                vertx,
                new StoreSettings(
                        StoreSettings.Kind.S3,
                        Path.of("unused"),
                        Optional.of(url),
                        bucket,
                        "us-east-1",
                        Optional.of(new Secret(server.accessKey())),
                        Optional.of(new Secret(secretKey)),
                        timeout,
                        8));
    }

    @Test
    void aServerThatDoesNotAnswerFailsInTimeAndIsUsedAgain() {
        try (ObjectStore hurried = open(server.url(), server.secretKey(), Duration.ofSeconds(2))) {
            get(hurried.put("before", List.of(Buffer.buffer("1"))));
            server.pause();
            try {
                List<Future<Void>> puts = IntStream.range(0, 20)
                        .mapToObj(i -> hurried.put("during" + i, List.of(Buffer.buffer("2"))))
                        .toList();
                for (Future<Void> put : puts) { // also those that wait for a thread
                    assertThatThrownBy(() -> get(put))
                            .isInstanceOf(StoreException.class)
                            .hasMessageContaining("bucket " + bucket + " at " + server.url());
                }
            } finally {
                server.resume();
            }
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> get(hurried.put("after", List.of(Buffer.buffer("3")))));
            assertThat(get(hurried.read("before", 0, 1))).hasToString("1");
        }
    }

    @Test
    void aServerThatIsKilledAndComesBack() {
        get(store.put("before", List.of(Buffer.buffer("1"))));
        server.kill();
        assertThatThrownBy(() -> get(store.put("during", List.of(Buffer.buffer("2")))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("put during in bucket " + bucket + " at " + server.url());
        assertThatThrownBy(() -> get(store.check())).isInstanceOf(StoreException.class);
        server.restart();
        get(store.check());
        assertThat(get(store.read("before", 0, 1))).hasToString("1");
        assertThatThrownBy(() -> get(store.read("during", 0, 1))).isInstanceOf(StoreException.Missing.class);
    }

    @Test
    void wrongKeysAreSaidButNotShown() {
        try (ObjectStore wrong = open(server.url(), "not-the-secret", Duration.ofSeconds(30))) {
            assertThatThrownBy(() -> get(wrong.put("a", List.of(Buffer.buffer("1")))))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("refuses store.accessKey and store.secretKey")
                    .satisfies(e -> assertThat(e.toString()).doesNotContain("not-the-secret", server.secretKey()));
        }
    }

    @Test
    void bytesDamagedOnTheWayAreRefused() {
        // GIVEN a network that changes a byte of the content
        try (Relay relay = Relay.to(vertx, server.port(), Duration.ZERO, 100_000);
                ObjectStore far = open(relay.url(), server.secretKey(), Duration.ofSeconds(30))) {
            // WHEN an object is put
            assertThatThrownBy(() -> get(far.put("damaged", List.of(bytes(1 << 20, 1)))))
                    .isInstanceOf(StoreException.class);
            // THEN nothing is stored
            assertThat(get(store.list("", "", 10))).isEmpty();
        }
    }

    @Test
    void aSlowServerIsWaitedForByEachRequestAlone() {
        try (Relay relay = Relay.to(vertx, server.port(), Duration.ofMillis(300), Long.MAX_VALUE);
                ObjectStore far = open(relay.url(), server.secretKey(), Duration.ofSeconds(30))) {
            get(far.check());
            get(Future.all(IntStream.range(0, 16)
                    .mapToObj(i -> far.put("slow/" + i, List.of(bytes(1 << 20, i))))
                    .toList()));
            assertThat(get(far.list("slow/", "", 100))).hasSize(16);
            assertThat(relay.mostAtOnce()).isGreaterThan(4);
        }
    }

    @Test
    void saysWhatIsMissingInTheSettings() {
        StoreSettings settings = new StoreSettings(
                StoreSettings.Kind.S3,
                Path.of("unused"),
                Optional.of(server.url()),
                bucket,
                "us-east-1",
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(30),
                8);
        assertThatThrownBy(() -> Stores.open(vertx, settings)).hasMessageContaining("store.accessKey is missing");
    }

    @Test
    void makesTheBucketOnceWhoeverIsFirst() {
        try (ObjectStore other = openEmpty()) {
            get(Future.all(
                    store.put("a", List.of(Buffer.buffer("1"))),
                    other.put("b", List.of(Buffer.buffer("2"))),
                    other.put("c", List.of(Buffer.buffer("3")))));
            assertThat(get(store.list("", "", 10))).hasSize(3);
        }
    }

    @Test
    void leavesNoThreadsOrConnections() {
        try (ObjectStore closing = openEmpty()) {
            get(closing.put("a", List.of(Buffer.buffer("1"))));
        }
        store.close();
        await().atMost(Duration.ofSeconds(90))
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> !thread.isDaemon()
                                && (thread.getName().startsWith("OkHttp")
                                        || thread.getName().startsWith("gatehouse-store-s3"))));
    }
}
