package dev.gatehouse.standalone.fleet;

import dev.gatehouse.embedded.EmbeddedPostgres;
import dev.gatehouse.standalone.home.Home;
import dev.gatehouse.standalone.home.LocalSettings;
import dev.gatehouse.standalone.home.Ports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The archive of class data that makes the services start in half the time (AppCDS). Made once for each build, by a process that starts every service in a cluster and on a database of its own and then ends; lies beside the
 * build's jars, or in the home if those cannot be written to. Nothing depends on it: without one everything only starts slower.
 */
final class Archive {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String DATABASE = "gatehouse_archive";
    private static final String NAME = "archive";
    private static final int HEAP_MEGABYTES = 384;

    private final Home home;
    private final Ports ports;
    private final Consumer<String> say;

    Archive(Home home, Ports ports, Consumer<String> say) {
        this.home = home;
        this.ports = ports;
        this.say = say;
    }

    /** That of this build; made if it is not there. Empty if this is no build or it cannot be made. */
    Optional<Path> get(EmbeddedPostgres postgres) throws InterruptedException {
        Optional<Path> libraries = JavaCommand.libraries();
        if (libraries.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path file = folder(libraries.get()).resolve(key(libraries.get()) + ".jsa");
            if (!Files.exists(file)) {
                say.accept("class data archive, once for this build …");
                make(file, postgres);
            }
            return Optional.of(file);
        } catch (IOException | RuntimeException e) {
            say.accept("no class data archive, going on without: " + e.getMessage());
            return Optional.empty();
        }
    }

    private void make(Path file, EmbeddedPostgres postgres) throws IOException, InterruptedException {
        Folders folders = new Folders(home);
        Path fresh = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
        postgres.dropDatabase(DATABASE);
        SettingsText.write(folders.settings(NAME), settings(postgres.createDatabase(DATABASE, "gatehouse_archive")));
        Path out = folders.of(NAME).resolve("log");
        Process process = new ProcessBuilder(JavaCommand.of(
                        ArchiveMain.class.getName(),
                        Optional.empty(),
                        HEAP_MEGABYTES,
                        List.of("-XX:ArchiveClassesAtExit=" + fresh),
                        List.of(folders.settings(NAME).toString())))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)
                    || process.exitValue() != 0
                    || !Files.exists(fresh)) {
                throw new IOException("see " + out);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(fresh);
            postgres.dropDatabase(DATABASE);
        }
    }

    private Map<String, String> settings(EmbeddedPostgres.Database database) {
        Map<String, String> settings =
                LocalSettings.of(home, ports, NAME, new Ports.OfNode(0, 0, 0, 0, 0, 0, 0), List.of(), database);
        settings.put(
                "cluster.name", "gatehouse-archive-" + ProcessHandle.current().pid());
        settings.put("store.folder", new Folders(home).of(NAME).resolve("store").toString());
        return settings;
    }

    private Path folder(Path libraries) throws IOException {
        Path beside = libraries.resolveSibling("archive");
        Path folder = Files.isWritable(libraries.getParent()) ? beside : home.at("archive");
        return Files.createDirectories(folder);
    }

    /** Changes with each jar, as the JVM would refuse an archive of others, and with the JVM. */
    private static String key(Path libraries) throws IOException {
        StringBuilder facts = new StringBuilder(System.getProperty("java.vm.version"));
        try (Stream<Path> jars = Files.list(libraries)) {
            for (Path jar : jars.sorted().toList()) {
                facts.append(jar).append(Files.size(jar)).append(Files.getLastModifiedTime(jar));
            }
        }
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(facts.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
