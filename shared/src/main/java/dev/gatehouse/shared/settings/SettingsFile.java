package dev.gatehouse.shared.settings;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;

/** A YAML file as flat keys. {@code ${ENV:default}} inside a value is replaced from the environment; a value without it is taken as it stands. */
final class SettingsFile {

    /** No settings file is longer: whatever is, is another kind of file. */
    private static final long MAX_BYTES = 1024 * 1024;

    private SettingsFile() {}

    /** The values by key, lists joined by commas; what is wrong is added to the problems. */
    static Map<String, String> read(Path file, Map<String, String> environment, List<String> problems) {
        Map<String, String> values = new TreeMap<>();
        YamlConfigSource yaml;
        try {
            if (Files.size(file) > MAX_BYTES) {
                problems.add(file + ": is longer than 1 MiB; a YAML file of settings is expected");
                return values;
            }
            yaml = new YamlConfigSource(file.toString(), Files.readString(file));
        } catch (IOException e) {
            problems.add(file + ": cannot be read: " + reason(e));
            return values;
        } catch (RuntimeException e) {
            problems.add(file + ": is not YAML: " + e.getMessage().strip().replaceAll("\\s+", " "));
            return values;
        }
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(yaml, new PropertiesConfigSource(environment, "environment", Integer.MIN_VALUE))
                .build();
        for (Map.Entry<String, String> entry : yaml.getProperties().entrySet()) {
            if (entry.getKey().matches(".*\\[\\d+]")) {
                continue; // an element of a list whose whole is there too
            }
            expand(config, entry)
                    .ifPresentOrElse(
                            value -> values.put(entry.getKey(), value),
                            () -> problems.add(entry.getKey() + ": " + entry.getValue()
                                    + " names an environment variable that is not set and gives no default"
                                    + " (${NAME:default})"));
        }
        return values;
    }

    private static Optional<String> expand(SmallRyeConfig config, Map.Entry<String, String> entry) {
        if (!entry.getValue().contains("${")) {
            return Optional.of(entry.getValue());
        }
        try {
            return Optional.ofNullable(config.getConfigValue(entry.getKey()).getValue());
        } catch (NoSuchElementException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** An IOException's reason without the path that the message around it names already. */
    static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.NoSuchFileException none -> "no such file";
            case java.nio.file.AccessDeniedException denied -> "not allowed";
            default -> e.getMessage();
        };
    }
}
