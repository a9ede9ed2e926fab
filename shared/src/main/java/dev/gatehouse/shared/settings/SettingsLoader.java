package dev.gatehouse.shared.settings;

import io.smallrye.config.common.utils.StringUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads settings, strictly: what comes later in this list wins: defaults, the YAML file, the environment ({@code GATEHOUSE_…}), overrides of a program.
 *
 * <p>An unknown key, a wrong value and a missing one are problems; all of them are told together by one {@link SettingsException}.
 */
public final class SettingsLoader<R extends Record> {

    /** Most of a file that holds a secret. */
    private static final long MAX_SECRET_BYTES = 64 * 1024;

    /** A text, and where it was found, for messages. */
    private record Found(String text, String where) {}

    private final Class<R> type;
    private final List<SettingsKey> keys;
    private final Map<String, Found> found = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private Path folder = Path.of("").toAbsolutePath();

    private SettingsLoader(Class<R> type) {
        this.type = type;
        this.keys = SettingsKey.of(type);
    }

    /**
     * A record made of the types that settings know.
     *
     * @param overrides by key as in the file ({@code postgres.poolSize})
     */
    public static <R extends Record> R load(
            Class<R> type, Optional<Path> file, Map<String, String> environment, Map<String, String> overrides) {
        SettingsLoader<R> loader = new SettingsLoader<>(type);
        file.ifPresent(path -> loader.addFile(path.toAbsolutePath(), environment));
        loader.addEnvironment(environment);
        overrides.forEach((name, text) -> loader.add(name, text, "given by the program"));
        return loader.bind();
    }

    private void addFile(Path file, Map<String, String> environment) {
        folder = file.getParent();
        SettingsFile.read(file, environment, problems)
                .forEach((name, text) -> add(name, text, file.getFileName().toString()));
    }

    private void addEnvironment(Map<String, String> environment) {
        Map<String, String> names = names().collect(Collectors.toMap(SettingsLoader::environmentName, name -> name));
        new TreeMap<>(environment).forEach((variable, text) -> {
            if (!variable.startsWith(SettingsKey.ENVIRONMENT_PREFIX) || Reserved.contains(variable)) {
                return;
            }
            String name = names.get(variable);
            if (name != null) {
                found.put(name, new Found(text, variable));
            } else {
                problems.add(variable + ": unknown environment variable" + suggestion(variable, names.keySet()));
            }
        });
    }

    private void add(String name, String text, String where) {
        List<String> known = names().toList();
        if (known.contains(name)) {
            found.put(name, new Found(text, where));
        } else if (known.stream().noneMatch(key -> key.startsWith(name + "."))) {
            problems.add(name + ": unknown key (" + where + ")" + suggestion(name, known));
        } else if (!text.isBlank()) {
            problems.add(name + ": is a section with keys of its own, not the value " + text + " (" + where + ")");
        }
    }

    private R bind() {
        Map<String, Object> values = new HashMap<>();
        for (SettingsKey key : keys) {
            value(key).ifPresent(value -> values.put(key.name(), value));
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return RecordBinding.create(type, values);
    }

    private Optional<Object> value(SettingsKey key) {
        Optional<Found> text = text(key).or(() -> key.defaultValue().map(value -> new Found(value, "default")));
        if (text.isEmpty() && !key.optional()) {
            problems.add(key.name() + ": is missing; " + Conversion.allowed(key.type()) + " is needed");
        }
        if (key.list()) {
            return text.map(list -> Stream.of(StringUtil.split(list.text()))
                    .map(String::strip)
                    .flatMap(one -> parse(key, new Found(one, list.where())).stream())
                    .toList());
        }
        return text.flatMap(one -> parse(key, one));
    }

    private Optional<Found> text(SettingsKey key) {
        Optional<Found> given = Optional.ofNullable(found.get(key.name()));
        Optional<Found> file = Optional.ofNullable(key.secret() ? found.get(key.fileName()) : null);
        if (given.isPresent() && file.isPresent()) {
            problems.add(key.name() + " and " + key.fileName() + ": only one of the two is allowed");
            return given;
        }
        return given.or(() -> file.flatMap(path -> secretIn(key, path)));
    }

    private Optional<Found> secretIn(SettingsKey key, Found path) {
        Path file = folder.resolve(path.text());
        try {
            if (Files.size(file) > MAX_SECRET_BYTES) {
                throw new IOException("longer than 64 KiB");
            }
            return Optional.of(new Found(Files.readString(file).strip(), key.fileName()));
        } catch (IOException e) {
            problems.add(key.fileName() + ": " + file + " cannot be read: " + SettingsFile.reason(e));
            return key.optional() ? Optional.empty() : Optional.of(new Found("-", key.fileName()));
        }
    }

    private Optional<Object> parse(SettingsKey key, Found text) {
        try {
            return Optional.of(Conversion.parse(key, text.text(), folder));
        } catch (IllegalArgumentException e) {
            String shown = key.secret() ? "" : " \"" + text.text() + "\"";
            problems.add(key.name() + ":" + shown + " (" + text.where() + "); allowed: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Every key that may be written, the {@code File} variants included. */
    private Stream<String> names() {
        return keys.stream()
                .flatMap(key -> key.secret() ? Stream.of(key.name(), key.fileName()) : Stream.of(key.name()));
    }

    private static String environmentName(String name) {
        return SettingsKey.ENVIRONMENT_PREFIX
                + name.toUpperCase(java.util.Locale.ROOT).replace('.', '_');
    }

    private static String suggestion(String word, java.util.Collection<String> known) {
        return DidYouMean.nearest(word, known)
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
    }

    /** The values of every key of the settings, as they would be written; secrets masked. */
    public static Map<String, String> effective(Record settings) {
        Map<String, String> texts = new LinkedHashMap<>();
        RecordBinding.read(settings).forEach((name, value) -> texts.put(name, Conversion.format(value)));
        return texts;
    }
}
