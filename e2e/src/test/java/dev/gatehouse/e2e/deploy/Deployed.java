package dev.gatehouse.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.e2e.Tools;
import dev.gatehouse.e2e.Tree;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.node.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What each way of deploying tells its nodes, held against the settings' own loader: an unknown key or a wrong value fails. */
final class Deployed {

    static final Set<String> ROLES =
            Arrays.stream(Role.values()).map(Role::word).collect(Collectors.toSet());

    private final Path passwords;

    /** @param folder to make passwords in */
    Deployed(Path folder) throws IOException, InterruptedException {
        passwords = Files.createDirectories(folder.resolve("passwords"));
        Tools.run(folder, Tree.ROOT.resolve("docker/make-passwords").toString(), passwords.toString());
    }

    /** @param mounted where the passwords are in the container */
    Settings load(Map<String, String> environment, String mounted) {
        Map<String, String> here = new HashMap<>(environment);
        here.replaceAll((key, value) -> value.replace(mounted + "/", passwords + "/"));
        return Settings.load(Optional.empty(), here, Map.of());
    }

    /** What each role needs, and what it must not have. */
    static void check(Settings settings, String role) {
        assertThat(settings.cluster().members().isEmpty())
                .as(role)
                .isNotEqualTo(settings.cluster().serviceName().isEmpty());
        assertThat(settings.postgres().password()).as(role).isPresent();
        assertThat(settings.store().secretKey()).as(role).isPresent();
        assertThat(settings.custody().directory().isPresent())
                .as("only admin-api has the CAs' keys: " + role)
                .isEqualTo(role.equals("admin-api"));
        assertThat(settings.endpoints().agent().serverAddress()).as(role).isPresent();
        assertThat(settings.endpoints().access().serverAddress()).as(role).isPresent();
        if (!role.equals("admin-api")) {
            assertThat(settings.custody().url()).as(role).isNotEmpty();
            assertThat(settings.custody().nodeTokenFile()).as(role).isPresent();
        }
    }

    /** By which names admin-api is asked for certificates: it must have them in its own. */
    static void checkNames(Settings node, Settings adminApi) {
        assertThat(node.custody().url())
                .allSatisfy(
                        url -> assertThat(adminApi.endpoints().admin().names()).contains(url.getHost()));
    }
}
