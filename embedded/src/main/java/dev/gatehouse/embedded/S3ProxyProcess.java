package dev.gatehouse.embedded;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * S3Proxy, an S3 server on a folder, in a JVM of its own with an access key and a secret key made for the folder. For tests and local fleets.
 *
 * <p>Its libraries are in the folder that the system property {@value #LIBRARIES} names; else {@code lib/s3proxy} of the distribution or {@code embedded/s3proxy/target/lib} of the source tree, looked for upwards from
 * the working directory and from our own code. Thread-safe.
 */
public final class S3ProxyProcess extends EmbeddedServer {

    /** System property: the folder of S3Proxy's jars. */
    public static final String LIBRARIES = "gatehouse.s3proxy.lib";

    private static final List<Path> PLACES = List.of(Path.of("lib", "s3proxy"), Path.of("embedded/s3proxy/target/lib"));
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final int ANSWER_MILLIS = 2000;

    private final String accessKey = "gatehouse";
    private String secretKey;

    private S3ProxyProcess(Path folder, int port, boolean endWithJvm) {
        super("S3Proxy", folder, port, endWithJvm);
    }

    /** A running server on a free port that ends with this JVM. */
    public static S3ProxyProcess start(Path folder) {
        return start(folder, 0, true);
    }

    /** Not started yet: {@link #restart()} does. */
    public static S3ProxyProcess of(Path folder, int port, boolean endWithJvm) {
        return new S3ProxyProcess(folder, port, endWithJvm);
    }

    /**
     * Returns when requests are answered.
     *
     * @param port on 127.0.0.1; 0: a free one
     * @param endWithJvm whether it is stopped when this JVM has ended in any way
     */
    public static S3ProxyProcess start(Path folder, int port, boolean endWithJvm) {
        S3ProxyProcess s3 = new S3ProxyProcess(folder, port, endWithJvm);
        s3.launch();
        return s3;
    }

    public String url() {
        return "http://" + HOST + ":" + port();
    }

    public String accessKey() {
        return accessKey;
    }

    public synchronized String secretKey() {
        return secretKey;
    }

    /** Whether its libraries are found: else a test is skipped or a command says what is missing. */
    public static boolean isAvailable() {
        return libraries().isPresent();
    }

    static Optional<Path> libraries() {
        String given = System.getProperty(LIBRARIES);
        if (given != null) {
            return Optional.of(Path.of(given)).filter(Files::isDirectory);
        }
        return Stream.of(Path.of("").toAbsolutePath(), ownCode())
                .flatMap(start -> Stream.iterate(start, path -> path != null, Path::getParent))
                .flatMap(folder -> PLACES.stream().map(folder::resolve))
                .filter(Files::isDirectory)
                .findFirst();
    }

    private static Path ownCode() {
        return Path.of(URI.create(S3ProxyProcess.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
    }

    @Override
    synchronized void prepare() throws IOException {
        Path file = folder().resolve("secret.key");
        if (!Files.exists(file)) {
            byte[] random = new byte[20];
            new SecureRandom().nextBytes(random);
            writeSecret(file, HexFormat.of().formatHex(random));
        }
        secretKey = Files.readString(file).strip();
        Files.createDirectories(folder().resolve("data"));
        Files.writeString(folder().resolve("logback.xml"), """
                <configuration>
                  <appender name="out" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%d %-5level %logger{20} %msg%n</pattern></encoder></appender>
                  <root level="WARN"><appender-ref ref="out"/></root>
                </configuration>
                """);
    }

    @Override
    List<String> command(int port) throws IOException {
        Path libraries = libraries()
                .orElseThrow(() -> new EmbeddedException("S3Proxy's libraries are not found: set -D" + LIBRARIES
                        + ", or build the module embedded/s3proxy"));
        writeSecret(Path.of(mark()), """
                s3proxy.endpoint=http://%s:%d
                s3proxy.authorization=aws-v2-or-v4
                s3proxy.identity=%s
                s3proxy.credential=%s
                jclouds.provider=filesystem-nio2
                jclouds.filesystem.basedir=%s
                """.formatted(HOST, port, accessKey, secretKey, folder().resolve("data")));
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-Dlogback.configurationFile=" + folder().resolve("logback.xml"),
                "-cp",
                libraries + "/*",
                "org.gaul.s3proxy.Main",
                "--properties",
                mark());
    }

    @Override
    String mark() {
        return folder().resolve("s3proxy.properties").toString();
    }

    /** Any answer will do, also that we have not signed the request. */
    @Override
    boolean answers(int port) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://" + HOST + ":" + port + "/").toURL().openConnection();
            connection.setConnectTimeout(ANSWER_MILLIS);
            connection.setReadTimeout(ANSWER_MILLIS);
            boolean answered = connection.getResponseCode() > 0;
            connection.disconnect();
            return answered;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    String stopSignal() {
        return "TERM";
    }

    @Override
    Duration stopLimit() {
        return STOP_LIMIT;
    }
}
