package dev.gatehouse.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.e2e.Tools;
import dev.gatehouse.e2e.Tree;
import dev.gatehouse.shared.node.Settings;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code gatehouse dist} packs: it runs from where it is unpacked, without the tree and without Maven. */
class DistIT {

    @TempDir
    static Path folder;

    private static Path services;
    private static Path agent;

    @BeforeAll
    static void packAndUnpack() throws Exception {
        Tools.run(
                folder,
                "env",
                "JAVA_HOME=" + System.getProperty("java.home"),
                Tree.ROOT.resolve("dist/pack").toString(),
                "--out",
                folder.toString());
        Tools.run(folder, "tar", "-xzf", one("gatehouse-.*[.]tar[.]gz").toString(), "-C", folder.toString());
        unzip(one("gatehouse-agent-.*[.]zip"));
        agent = one("gatehouse-agent-.*[^p]");
        services = one("gatehouse-[0-9].*[^z]");
        // a Maven that would tell
        Path maven = Files.createDirectories(folder.resolve("bin")).resolve("mvn");
        Files.writeString(maven, "#!/bin/sh\ntouch '" + folder.resolve("maven-was-run") + "'\nexit 1\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void servicesRunWithoutMaven() throws Exception {
        assertThat(run(services.resolve("bin/gatehouse"), "settings", "--defaults"))
                .contains("GATEHOUSE_ENDPOINTS_AGENT_PROXYADDRESS");
        assertThat(run(services.resolve("bin/gatehouse"), "agent", "--help")).contains("enroll");
        assertThat(folder.resolve("maven-was-run")).doesNotExist();
    }

    @Test
    void theAgentRunsOnItsOwnJarsAlone() throws Exception {
        assertThat(run(agent.resolve("bin/gatehouse-agent"), "--help")).contains("enroll");
        try (Stream<Path> jars = Files.list(agent.resolve("lib"))) {
            assertThat(jars.map(jar -> jar.getFileName().toString()))
                    .anyMatch(jar -> jar.startsWith("gatehouse-agent-"))
                    .noneMatch(jar -> jar.matches("(hazelcast|vertx-hazelcast|vertx-pg|postgresql|minio|flyway).*"))
                    .filteredOn(jar -> jar.startsWith("gatehouse-"))
                    .hasSize(2);
        }
        assertThat(Files.readString(agent.resolve("bin/gatehouse-agent.cmd")))
                .contains("dev.gatehouse.agent.command.AgentMain");
    }

    @Test
    void theSampleSettingsAreUnderstood() throws Exception {
        new Deployed(folder); // makes the passwords
        Path sample = Files.writeString(
                folder.resolve("sample.yaml"),
                Files.readString(services.resolve("etc/gatehouse.yaml"))
                        .replaceAll("/etc/gatehouse/(postgres.password|redis.password|s3)", folder + "/passwords/$1"));
        for (String role : Deployed.ROLES) {
            Map<String, String> environment = new HashMap<>();
            for (String line : Files.readAllLines(services.resolve("etc/" + role + ".env"))) {
                if (line.matches("#?GATEHOUSE_[A-Z_]+=.*") && !line.startsWith("GATEHOUSE_JVM")) {
                    String[] variable = line.replaceFirst("#", "").split("=", 2);
                    environment.put(variable[0], variable[1]);
                }
            }
            Deployed.check(Settings.load(Optional.of(sample), environment, Map.of()), role);
        }
    }

    @Test
    void systemdAcceptsTheUnits() throws Exception {
        Tools.need("systemd-analyze");
        Path units = Files.createDirectories(folder.resolve("units"));
        for (String role : Deployed.ROLES) {
            Path unit = units.resolve("gatehouse@" + role + ".service");
            Files.writeString(
                    unit,
                    Files.readString(services.resolve("systemd/gatehouse@.service"))
                            .replace("/opt/gatehouse/", services + "/"));
            Tools.run(folder, "systemd-analyze", "verify", "--man=no", unit.toString());
        }
        Path unit = units.resolve("gatehouse-agent.service");
        Files.writeString(
                unit,
                Files.readString(agent.resolve("systemd/gatehouse-agent.service"))
                        .replace("/opt/gatehouse-agent/", agent + "/"));
        assertThat(Tools.run(folder, "systemd-analyze", "verify", "--man=no", unit.toString()))
                .doesNotContain(unit.toString());
    }

    private static String run(Path program, String... arguments) throws IOException, InterruptedException {
        return Tools.run(
                folder,
                Stream.concat(
                                Stream.of(
                                        "env",
                                        "PATH=" + folder.resolve("bin") + ":" + System.getenv("PATH"),
                                        "JAVA_HOME=" + System.getProperty("java.home"),
                                        program.toString()),
                                Stream.of(arguments))
                        .toArray(String[]::new));
    }

    /** The only one of the folder whose name matches. */
    private static Path one(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches(name))
                    .reduce((one, another) -> {
                        throw new AssertionError(one + " and " + another);
                    })
                    .orElseThrow(() -> new AssertionError("no " + name));
        }
    }

    private static void unzip(Path zip) throws IOException {
        try (FileSystem archive = FileSystems.newFileSystem(zip, Map.of("enablePosixFileAttributes", true));
                Stream<Path> files = Files.walk(archive.getPath("/"))) {
            for (Path entry : files.filter(Files::isRegularFile).toList()) {
                Path file = folder.resolve(entry.toString().substring(1));
                Files.createDirectories(file.getParent());
                Files.copy(entry, file);
                Files.setPosixFilePermissions(file, Files.getPosixFilePermissions(entry));
            }
        }
    }
}
