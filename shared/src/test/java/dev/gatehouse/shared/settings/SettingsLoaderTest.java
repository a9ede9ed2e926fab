package dev.gatehouse.shared.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsLoaderTest {

    /** Of every type that settings know. */
    record Example(
            @Default("5s") Duration time,
            @Default("64KiB") MemorySize memory,
            @Default("localhost:1") HostPort address,
            @Default("data") Path path,
            @Default("8") int count,
            @Default("true") boolean flag,
            @Default("light-blue") Colour colour,
            @Default("a:1,b:2") List<HostPort> hosts,
            Optional<String> nothing,
            Optional<Secret> password,
            @Default("[::1]:7") Nested nested,
            Needed needed) {}

    record Nested(HostPort bindingAddress, Optional<String> word) {}

    record Needed(String name) {}

    enum Colour {
        RED,
        LIGHT_BLUE
    }

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void file() {
        file = folder.resolve("example.yaml");
    }

    @Test
    void readsDefaultsOfEveryType() {
        Example example = load("needed: {name: x}", Map.of());
        assertThat(example)
                .isEqualTo(new Example(
                        Duration.ofSeconds(5),
                        new MemorySize(65_536),
                        new HostPort("localhost", 1),
                        folder.resolve("data"),
                        8,
                        true,
                        Colour.LIGHT_BLUE,
                        List.of(new HostPort("a", 1), new HostPort("b", 2)),
                        Optional.empty(),
                        Optional.empty(),
                        new Nested(new HostPort("::1", 7), Optional.empty()),
                        new Needed("x")));
    }

    @Test
    void theFileIsOverTheDefaultsTheEnvironmentOverTheFileOverridesOverAll() {
        write("""
                needed:
                  name: file
                nothing: file
                count: 3
                hosts:
                  - c:3
                  - "d:4"
                """);
        Example example = SettingsLoader.load(
                Example.class,
                Optional.of(file),
                Map.of("GATEHOUSE_NEEDED_NAME", "environment", "GATEHOUSE_NOTHING", "environment", "HOME", "/"),
                Map.of("nothing", "override"));
        assertThat(example.count()).isEqualTo(3);
        assertThat(example.hosts()).containsExactly(new HostPort("c", 3), new HostPort("d", 4));
        assertThat(example.needed().name()).isEqualTo("environment");
        assertThat(example.nothing()).hasValue("override");
    }

    @Test
    void expressionsOfTheFileTakeTheEnvironmentOrTheirDefault() {
        Example example = load(
                "needed: {name: \"${WHO:nobody}-${MISSING:x}\"}\npassword: \"${PW}\"\nnothing: pa$$w",
                Map.of("WHO", "me", "PW", "a$$b${c"));
        assertThat(example.needed().name()).isEqualTo("me-x");
        assertThat(example.password()).as("taken as it stands").hasValue(new Secret("a$$b${c"));
        assertThat(example.nothing())
                .as("without an expression nothing is replaced")
                .hasValue("pa$$w");
        assertThatThrownBy(() -> load("needed: {name: \"${NOBODY_SET_THIS}\"}", Map.of()))
                .hasMessageContaining("needed.name: ${NOBODY_SET_THIS}: the environment variable is not set");
    }

    @Test
    void aSecretComesFromAFileToo() throws IOException {
        Files.writeString(folder.resolve("secret"), "s3cret\n");
        Example example = load("needed: {name: x}\npasswordFile: secret", Map.of());
        assertThat(example.password()).hasValue(new Secret("s3cret"));
        assertThat(SettingsLoader.effective(example)).containsEntry("password", "******");
        assertThat(example.toString()).doesNotContain("s3cret");
        assertThat(load("needed: {name: x}", Map.of("GATEHOUSE_PASSWORDFILE", "secret"))
                        .password())
                .hasValue(new Secret("s3cret"));
    }

    @Test
    void allProblemsAreToldAtOnce() throws IOException {
        Files.writeString(folder.resolve("secret"), "s");
        write("""
                tiem: 5s
                time: 5 seconds
                memory: 12MB
                address: nowhere
                count: 0
                flag: maybe
                colour: green
                hosts: a:1,b
                password: x
                passwordFile: secret
                nested: 5
                needed: {nmae: x}
                store: {folder: x}
                """);
        SettingsException refused = catchThrowableOfType(
                SettingsException.class,
                () -> SettingsLoader.load(
                        Example.class,
                        Optional.of(file),
                        Map.of("GATEHOUSE_COUMT", "1", "GATEHOUSE_PASSWORD", "of the launcher"),
                        Map.of()));
        assertThat(refused.problems())
                .containsExactlyInAnyOrder(
                        "tiem: unknown key (example.yaml); did you mean time?",
                        "needed.nmae: unknown key (example.yaml); did you mean needed.name?",
                        "store.folder: unknown key (example.yaml)",
                        "nested: is a section with keys of its own, not the value 5 (example.yaml)",
                        "GATEHOUSE_COUMT: unknown environment variable; did you mean GATEHOUSE_COUNT?",
                        "time: \"5 seconds\" (example.yaml); allowed: a number with ms, s, m, h or d, from 1ms to 36500d",
                        "memory: \"12MB\" (example.yaml); allowed: bytes, or a number with KiB, MiB, GiB or TiB, at most 1024TiB",
                        "address: \"nowhere\" (example.yaml); allowed: HOST:PORT with a port from 0 to 65535, IPv6 in brackets",
                        "count: \"0\" (example.yaml); allowed: a whole number from 1 to 1000000000",
                        "flag: \"maybe\" (example.yaml); allowed: true or false",
                        "colour: \"green\" (example.yaml); allowed: red or light-blue",
                        "hosts: \"b\" (example.yaml); allowed: HOST:PORT with a port from 0 to 65535, IPv6 in brackets",
                        "password and passwordFile: only one of the two is allowed",
                        "needed.name: is missing; a text that is not empty, at most 4096 characters is needed");
        assertThat(refused).hasMessageStartingWith("1. ").hasMessageContaining("\n14. ");
    }

    @Test
    void whatKubernetesAddsForServicesIsNoSetting() {
        Map<String, String> added = Map.of(
                "GATEHOUSE_PORT", "tcp://10.0.0.1:443",
                "GATEHOUSE_GATEWAY_SERVICE_HOST", "10.0.0.1",
                "GATEHOUSE_GATEWAY_SERVICE_PORT_AGENT", "10000",
                "GATEHOUSE_GATEWAY_PORT_10000_TCP_ADDR", "10.0.0.1");
        assertThat(load("needed: {name: x}", added).needed().name()).isEqualTo("x");
    }

    @Test
    void aWrongSecretIsNotShown() {
        assertThatThrownBy(() -> load("needed: {name: x}\npasswordFile: nowhere", Map.of()))
                .hasMessage("1. passwordFile: " + folder.resolve("nowhere") + " cannot be read: no such file");
        assertThatThrownBy(() -> load("needed: {name: x}\npassword: \"\"", Map.of()))
                .hasMessage("1. password: (example.yaml); allowed: a text that is not empty");
    }

    @Test
    void aFileThatIsNoSettingsFileIsRefused() throws IOException {
        assertThatThrownBy(() -> SettingsLoader.load(Example.class, Optional.of(file), Map.of(), Map.of()))
                .hasMessageContaining("1. " + file + ": cannot be read: no such file");
        assertThatThrownBy(() -> load("needed: [", Map.of())).hasMessageContaining("1. " + file + ": is not YAML: ");
        Files.writeString(file, "x".repeat(1024 * 1024 + 1));
        assertThatThrownBy(() -> SettingsLoader.load(Example.class, Optional.of(file), Map.of(), Map.of()))
                .hasMessageContaining("is longer than 1 MiB");
    }

    private Example load(String yaml, Map<String, String> environment) {
        write(yaml);
        return SettingsLoader.load(Example.class, Optional.of(file), environment, Map.of());
    }

    private void write(String yaml) {
        try {
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
