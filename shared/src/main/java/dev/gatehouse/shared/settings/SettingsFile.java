package dev.gatehouse.shared.settings;

import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A YAML file as flat keys. {@code ${ENV:default}} inside a value is replaced from the environment; a value without it is taken as it stands. */
final class SettingsFile {

    /** No settings file is longer: whatever is, is another kind of file. */
    private static final long MAX_BYTES = 1024 * 1024;

    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::([^}]*))?}");

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
        for (Map.Entry<String, String> entry : yaml.getProperties().entrySet()) {
            if (entry.getKey().matches(".*\\[\\d+]")) {
                continue; // an element of a list whose whole is there too
            }
            values.put(entry.getKey(), expand(entry.getKey(), entry.getValue(), environment, problems));
        }
        return values;
    }

    /** What the environment holds is taken as it stands: a password may contain anything. */
    private static String expand(String key, String text, Map<String, String> environment, List<String> problems) {
        return EXPRESSION.matcher(text).replaceAll(expression -> {
            String name = expression.group(1);
            String value = environment.getOrDefault(name, "");
            if (value.isEmpty() && expression.group(2) == null) {
                problems.add(key + ": ${" + name + "}: the environment variable is not set and there is no default"
                        + " (${" + name + ":default})");
            }
            return Matcher.quoteReplacement(
                    value.isEmpty() && expression.group(2) != null ? expression.group(2) : value);
        });
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
