package dev.gatehouse.standalone.fleet;

import dev.gatehouse.shared.trust.PrivateFile;
import io.vertx.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Settings by key as a YAML file that only its owner may read: it holds a password. */
final class SettingsText {

    private SettingsText() {}

    static void write(Path file, Map<String, String> settings) throws IOException {
        Files.createDirectories(file.getParent());
        PrivateFile.write(file, yaml(settings));
    }

    /** Keys with dots become levels; every value is a quoted text, which the settings read as they read any other. */
    static String yaml(Map<String, String> settings) {
        StringBuilder text = new StringBuilder("# Written by `gatehouse fleet up`, anew at each start.\n");
        List<String> open = new ArrayList<>();
        new TreeMap<>(settings).forEach((key, value) -> {
            List<String> path = List.of(key.split("\\."));
            int level = 0;
            while (level < path.size() - 1
                    && level < open.size()
                    && open.get(level).equals(path.get(level))) {
                level++;
            }
            open.subList(level, open.size()).clear();
            for (; level < path.size() - 1; level++) {
                text.append("  ".repeat(level)).append(path.get(level)).append(":\n");
                open.add(path.get(level));
            }
            text.append("  ".repeat(level))
                    .append(path.getLast())
                    .append(": ")
                    .append(Json.encode(value))
                    .append('\n');
        });
        return text.toString();
    }
}
