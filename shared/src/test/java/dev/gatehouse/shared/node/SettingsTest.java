package dev.gatehouse.shared.node;

import static dev.gatehouse.shared.settings.SettingsRecords.assertDefaults;
import static dev.gatehouse.shared.settings.SettingsRecords.assertMapped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.cluster.ClusterSettings;
import dev.gatehouse.shared.custody.CustodySettings;
import dev.gatehouse.shared.node.EndpointsSettings.Endpoint;
import dev.gatehouse.shared.postgres.PostgresSettings;
import dev.gatehouse.shared.redis.RedisSettings;
import dev.gatehouse.shared.settings.AccessSettings;
import dev.gatehouse.shared.settings.CaptureSettings;
import dev.gatehouse.shared.settings.HostPort;
import dev.gatehouse.shared.settings.MemorySize;
import dev.gatehouse.shared.settings.Secret;
import dev.gatehouse.shared.settings.SettingsTable;
import dev.gatehouse.shared.store.StoreSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each settings record: its defaults, and every key mapped; over 300 lines for the number of records. */
class SettingsTest {

    private static final Path HERE = Path.of("").toAbsolutePath();

    @Test
    void node() {
        assertDefaults(
                NodeSettings.class,
                new NodeSettings(
                        Optional.empty(),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(3),
                        Optional.empty()));
        assertMapped(
                NodeSettings.class,
                Map.of(
                        "name",
                        "a",
                        "shutdownLimit",
                        "1m",
                        "balancerGrace",
                        "5s",
                        "drainSpread",
                        "1s",
                        "directory",
                        "/d"),
                new NodeSettings(
                        Optional.of("a"),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        Optional.of(Path.of("/d"))));
    }

    @Test
    void cluster() {
        assertDefaults(
                ClusterSettings.class,
                new ClusterSettings(
                        "gatehouse",
                        new HostPort("127.0.0.1", 5701),
                        new HostPort("127.0.0.1", 5801),
                        ClusterSettings.Discovery.LIST,
                        List.of(),
                        Optional.empty(),
                        Duration.ofSeconds(12),
                        3));
        assertMapped(
                ClusterSettings.class,
                Map.of(
                        "name", "c",
                        "bindingAddress", "a:1",
                        "busAddress", "a:2",
                        "discovery", "dns",
                        "members", "b:1,c:1",
                        "serviceName", "s",
                        "heartbeatLimit", "15s",
                        "expectedBackgroundWorkers", "5"),
                new ClusterSettings(
                        "c",
                        new HostPort("a", 1),
                        new HostPort("a", 2),
                        ClusterSettings.Discovery.DNS,
                        List.of(new HostPort("b", 1), new HostPort("c", 1)),
                        Optional.of("s"),
                        Duration.ofSeconds(15),
                        5));
    }

    @Test
    void endpoints() {
        assertDefaults(
                EndpointsSettings.class,
                new EndpointsSettings(
                        everywhere(10_000),
                        everywhere(9443),
                        everywhere(10_001),
                        everywhere(8443),
                        everywhere(42_001)));
        Map<String, String> values = new LinkedHashMap<>();
        for (String endpoint : List.of("agent", "access", "peer", "admin", "status")) {
            values.put(endpoint + ".bindingAddress", "b:1");
            values.put(endpoint + ".serverAddress", "s:2");
            values.put(endpoint + ".proxyAddress", "p:3");
            values.put(endpoint + ".names", "n,m");
            values.put(endpoint + ".certificateFile", "/c");
            values.put(endpoint + ".keyFile", "/k");
        }
        Endpoint all = new Endpoint(
                new HostPort("b", 1),
                Optional.of(new HostPort("s", 2)),
                Optional.of(new HostPort("p", 3)),
                List.of("n", "m"),
                Optional.of(Path.of("/c")),
                Optional.of(Path.of("/k")));
        assertMapped(EndpointsSettings.class, values, new EndpointsSettings(all, all, all, all, all));
        assertThat(all.advertised()).isEqualTo(new HostPort("s", 2));
        assertThat(everywhere(1).advertised()).isEqualTo(new HostPort("0.0.0.0", 1));
    }

    @Test
    void postgres() {
        assertDefaults(
                PostgresSettings.class,
                new PostgresSettings(
                        List.of(new HostPort("127.0.0.1", 5432)),
                        "gatehouse",
                        "gatehouse",
                        Optional.empty(),
                        16,
                        1000,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(15),
                        Optional.empty()));
        assertMapped(
                PostgresSettings.class,
                Map.of(
                        "hosts", "a:1,b:2",
                        "database", "d",
                        "user", "u",
                        "password", "p",
                        "poolSize", "3",
                        "maxWaiting", "4",
                        "connectTimeout", "6s",
                        "startWait", "7s",
                        "statementTimeout", "8s",
                        "caFile", "/ca"),
                new PostgresSettings(
                        List.of(new HostPort("a", 1), new HostPort("b", 2)),
                        "d",
                        "u",
                        Optional.of(new Secret("p")),
                        3,
                        4,
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(7),
                        Duration.ofSeconds(8),
                        Optional.of(Path.of("/ca"))));
    }

    @Test
    void redis() {
        assertDefaults(
                RedisSettings.class,
                new RedisSettings(
                        new HostPort("127.0.0.1", 6379),
                        List.of(),
                        "mymaster",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofSeconds(2),
                        8,
                        1000));
        Map<String, String> values = new LinkedHashMap<>(Map.of(
                "address", "a:1",
                "sentinels", "b:2,c:3",
                "masterName", "m",
                "user", "u",
                "password", "p",
                "sentinelUser", "v",
                "sentinelPassword", "q"));
        values.putAll(Map.of(
                "caFile", "/ca",
                "certificateFile", "/c",
                "keyFile", "/k",
                "timeout", "1s",
                "poolSize", "2",
                "maxWaiting", "3"));
        assertMapped(
                RedisSettings.class,
                values,
                new RedisSettings(
                        new HostPort("a", 1),
                        List.of(new HostPort("b", 2), new HostPort("c", 3)),
                        "m",
                        Optional.of("u"),
                        Optional.of(new Secret("p")),
                        Optional.of("v"),
                        Optional.of(new Secret("q")),
                        Optional.of(Path.of("/ca")),
                        Optional.of(Path.of("/c")),
                        Optional.of(Path.of("/k")),
                        Duration.ofSeconds(1),
                        2,
                        3));
    }

    @Test
    void custody() {
        assertDefaults(
                CustodySettings.class,
                new CustodySettings(
                        Optional.empty(),
                        HERE.resolve("trust/agents-ca.pem"),
                        HERE.resolve("trust/nodes-ca.pem"),
                        Duration.ofDays(7),
                        Duration.ofDays(90),
                        Duration.ofDays(30),
                        List.of(),
                        Optional.empty(),
                        Duration.ofSeconds(60)));
        assertMapped(
                CustodySettings.class,
                Map.of(
                        "directory", "/d",
                        "agentsCaFile", "/a",
                        "nodesCaFile", "/n",
                        "agentCertificate", "1d",
                        "agentGrace", "2d",
                        "nodeCertificate", "3d",
                        "url", "https://a:1,https://b",
                        "nodeTokenFile", "/t",
                        "startWait", "4s"),
                new CustodySettings(
                        Optional.of(Path.of("/d")),
                        Path.of("/a"),
                        Path.of("/n"),
                        Duration.ofDays(1),
                        Duration.ofDays(2),
                        Duration.ofDays(3),
                        List.of(URI.create("https://a:1"), URI.create("https://b")),
                        Optional.of(Path.of("/t")),
                        Duration.ofSeconds(4)));
    }

    @Test
    void capture() {
        assertDefaults(
                CaptureSettings.class,
                new CaptureSettings(
                        new MemorySize(1L << 30),
                        new MemorySize(4 << 20),
                        20_000,
                        64,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        new MemorySize(256 << 20),
                        new MemorySize(64 << 10),
                        new MemorySize(16 << 20),
                        4,
                        Duration.ofDays(1),
                        Duration.ofHours(1),
                        4096));
        assertMapped(
                CaptureSettings.class,
                Map.ofEntries(
                        Map.entry("gatewayBudget", "1KiB"),
                        Map.entry("linkWindow", "2KiB"),
                        Map.entry("maxLinks", "3"),
                        Map.entry("maxHandshakes", "4"),
                        Map.entry("heartbeat", "6s"),
                        Map.entry("silence", "7s"),
                        Map.entry("workerBudget", "8KiB"),
                        Map.entry("inlineBelow", "9KiB"),
                        Map.entry("segmentMax", "10KiB"),
                        Map.entry("uploads", "11"),
                        Map.entry("streamRotation", "12h"),
                        Map.entry("orphanAfter", "13h"),
                        Map.entry("indexBatch", "14")),
                new CaptureSettings(
                        new MemorySize(1024),
                        new MemorySize(2048),
                        3,
                        4,
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(7),
                        new MemorySize(8192),
                        new MemorySize(9216),
                        new MemorySize(10_240),
                        11,
                        Duration.ofHours(12),
                        Duration.ofHours(13),
                        14));
    }

    @Test
    void access() {
        assertDefaults(
                AccessSettings.class,
                new AccessSettings(
                        "apps.localhost",
                        List.of(),
                        Duration.ofHours(12),
                        Duration.ofHours(12),
                        Duration.ofDays(7),
                        1000,
                        100,
                        AccessSettings.StaleRights.BEST_EFFORT));
        assertMapped(
                AccessSettings.class,
                Map.of(
                        "domain",
                        "d",
                        "urls",
                        "https://a,https://b",
                        "signIn",
                        "1h",
                        "tunnelIdle",
                        "2h",
                        "tunnelLongest",
                        "3h",
                        "tunnelsPerUser",
                        "5",
                        "sessionsPerUser",
                        "6",
                        "staleRights",
                        "strict"),
                new AccessSettings(
                        "d",
                        List.of("https://a", "https://b"),
                        Duration.ofHours(1),
                        Duration.ofHours(2),
                        Duration.ofHours(3),
                        5,
                        6,
                        AccessSettings.StaleRights.STRICT));
    }

    @Test
    void store() {
        assertDefaults(
                StoreSettings.class,
                new StoreSettings(
                        StoreSettings.Kind.FOLDER,
                        HERE.resolve("store"),
                        Optional.empty(),
                        "gatehouse",
                        "us-east-1",
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofSeconds(30),
                        16));
        assertMapped(
                StoreSettings.class,
                Map.of(
                        "kind", "s3",
                        "folder", "/f",
                        "url", "http://s",
                        "bucket", "b",
                        "region", "r",
                        "accessKey", "a",
                        "secretKey", "s",
                        "timeout", "1s",
                        "requests", "2"),
                new StoreSettings(
                        StoreSettings.Kind.S3,
                        Path.of("/f"),
                        Optional.of("http://s"),
                        "b",
                        "r",
                        Optional.of(new Secret("a")),
                        Optional.of(new Secret("s")),
                        Duration.ofSeconds(1),
                        2));
    }

    @Test
    void everyKeySaysWhatItMeans() {
        assertThat(SettingsTable.defaults(Settings.class))
                .allSatisfy(row -> assertThat(row.doc()).as(row.key()).isNotBlank());
    }

    @Test
    void thePrintedFileOfTheDefaultsGivesTheDefaults(@org.junit.jupiter.api.io.TempDir Path folder)
            throws java.io.IOException {
        Path file = folder.resolve("gatehouse.yaml");
        java.nio.file.Files.writeString(file, SettingsTable.yaml(SettingsTable.defaults(Settings.class)));
        Path empty = java.nio.file.Files.writeString(folder.resolve("empty.yaml"), "");
        assertThat(Settings.load(Optional.of(file), Map.of(), Map.of()))
                .isEqualTo(Settings.load(Optional.of(empty), Map.of(), Map.of()));
    }

    private static Endpoint everywhere(int port) {
        return new Endpoint(
                new HostPort("0.0.0.0", port),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }
}
