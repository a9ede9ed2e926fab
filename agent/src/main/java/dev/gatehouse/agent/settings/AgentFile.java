package dev.gatehouse.agent.settings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gatehouse.agent.resource.Offer;
import dev.gatehouse.agent.resource.WatchRule;
import dev.gatehouse.agent.source.tail.TailSettings;
import dev.gatehouse.agent.source.watch.WatchSettings;
import dev.gatehouse.agent.spool.SpoolLimits;
import dev.gatehouse.protocol.link.MessageLimits;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.PatternSyntaxException;

/** Reads an agent's YAML file, strictly: whatever is wrong is said, all at once. */
public final class AgentFile {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final List<String> LATER = List.of("host", "activity", "screen", "exec");
    private static final List<String> KINDS = List.of("tail", "watch", "host", "activity", "screen", "exec");
    private static final long SMALLEST_SPOOL = 4 << 20;

    private AgentFile() {}

    public static AgentSettings read(Path file) throws SettingsException {
        try {
            return parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new SettingsException(List.of("there is no file " + file));
        } catch (IOException e) {
            throw new SettingsException(List.of(file + " can't be read: " + e.getMessage()));
        }
    }

    public static AgentSettings parse(String yaml) throws SettingsException {
        List<String> problems = new ArrayList<>();
        JsonNode tree;
        try {
            tree = YAML.readTree(yaml);
        } catch (JsonProcessingException e) {
            String where =
                    e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
            throw new SettingsException(
                    List.of(where + e.getOriginalMessage().lines().findFirst().orElse("no YAML")));
        }
        Fields top = new Fields("", tree, problems);
        Map<String, String> labels = checkedLabels(top, "labels");
        List<TailSettings> tails = new ArrayList<>();
        List<WatchSettings> watches = new ArrayList<>();
        top.objects("sources").forEach(source -> source(source, tails, watches));
        List<Offer> resources = ResourceFields.resources(top);
        List<WatchRule> watched = ResourceFields.watched(top);
        Fields spool = top.object("spool");
        SpoolLimits limits = new SpoolLimits(
                spool.size("maxBytes", SpoolLimits.DEFAULT.maxBytes(), SMALLEST_SPOOL),
                spool.size("minFreeBytes", SpoolLimits.DEFAULT.minFreeBytes(), 0));
        spool.end();
        top.end();
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return new AgentSettings(labels, tails, watches, resources, watched, limits);
    }

    private static void source(Fields source, List<TailSettings> tails, List<WatchSettings> watches) {
        String kind = source.needed("kind");
        switch (kind) {
            case "tail" -> {
                TailSettings tail = new TailSettings(
                        paths(source), source.text("application").orElse(""));
                tails.add(tail);
                source.end();
            }
            case "watch" -> {
                List<String> paths = paths(source);
                List<String> ignore = source.texts("ignore");
                ignore.forEach(glob -> checkGlob(source, "ignore", glob));
                watches.add(new WatchSettings(paths, ignore.isEmpty() ? WatchSettings.IGNORED : ignore));
                source.end();
            }
            default -> {
                if (LATER.contains(kind)) {
                    source.problem(
                            "kind",
                            "is '" + kind + "', which this version does not have yet; tail and watch are there");
                } else if (!kind.isEmpty()) {
                    source.problem("kind", "is '" + kind + "'; " + Fields.nearest(kind, KINDS));
                }
            }
        }
    }

    private static List<String> paths(Fields source) {
        List<String> paths = source.texts("paths");
        if (paths.isEmpty()) {
            source.problem("paths", "is missing; at least one absolute path is needed");
        }
        for (String path : paths) {
            if (!path.startsWith("/")) {
                source.problem("paths", "has '" + path + "'; absolute paths are needed");
            } else {
                checkGlob(source, "paths", path);
            }
        }
        return paths;
    }

    private static void checkGlob(Fields source, String name, String glob) {
        try {
            FileSystems.getDefault().getPathMatcher("glob:" + glob);
        } catch (PatternSyntaxException e) {
            source.problem(name, "has '" + glob + "', which is no pattern: " + e.getDescription());
        }
    }

    static Map<String, String> checkedLabels(Fields fields, String name) {
        Map<String, String> labels = fields.labels(name);
        if (labels.size() > MessageLimits.LABELS) {
            fields.problem(name, "has " + labels.size() + " entries; at most " + MessageLimits.LABELS + " are allowed");
        }
        labels.forEach((key, value) -> {
            if (key.isEmpty() || key.length() > MessageLimits.LABEL_KEY || value.length() > MessageLimits.LABEL_VALUE) {
                fields.problem(
                        name,
                        "has '" + key + "'; keys of 1 to " + MessageLimits.LABEL_KEY + " and values of up to "
                                + MessageLimits.LABEL_VALUE + " characters are allowed");
            }
        });
        return labels;
    }
}
