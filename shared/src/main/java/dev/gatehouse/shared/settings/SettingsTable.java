package dev.gatehouse.shared.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of a settings record as people want to see them. */
public final class SettingsTable {

    /**
     * One key.
     *
     * @param allowed what may be written, with its unit
     * @param value effective, or the default; empty if there is none; secrets masked
     */
    public record Row(String key, String allowed, String value, String environment, String doc) {}

    private SettingsTable() {}

    /** Every key with its default. */
    public static List<Row> defaults(Class<? extends Record> type) {
        return rows(type, Optional.empty());
    }

    /** Every key with the value it has. */
    public static List<Row> effective(Record settings) {
        return rows(settings.getClass(), Optional.of(SettingsLoader.effective(settings)));
    }

    /** A settings file that says what the rows say: sections, values, what they mean. A key without a value is commented out. */
    public static String yaml(List<Row> rows) {
        StringBuilder text = new StringBuilder();
        List<String> open = List.of();
        for (Row row : rows) {
            List<String> path = List.of(row.key().split("\\."));
            List<String> sections = path.subList(0, path.size() - 1);
            for (int depth = 0; depth < sections.size(); depth++) {
                if (depth >= open.size() || !open.subList(0, depth + 1).equals(sections.subList(0, depth + 1))) {
                    text.append("  ".repeat(depth)).append(sections.get(depth)).append(":\n");
                }
            }
            open = sections;
            String indent = "  ".repeat(sections.size());
            if (!row.doc().isEmpty()) {
                text.append(indent).append("# ").append(row.doc()).append('\n');
            }
            text.append(indent)
                    .append(row.value().isEmpty() ? "# " : "")
                    .append(path.getLast())
                    .append(": ")
                    .append(row.value().isEmpty() ? "" : quoted(row.value()))
                    .append('\n');
        }
        return text.toString();
    }

    private static List<Row> rows(Class<?> type, Optional<Map<String, String>> effective) {
        List<Row> rows = new ArrayList<>();
        for (SettingsKey key : SettingsKey.of(type)) {
            rows.add(new Row(
                    key.name(),
                    (key.list() ? "list, each " : "") + Conversion.allowed(key.type()),
                    effective
                            .map(values -> values.get(key.name()))
                            .or(key::defaultValue)
                            .orElse(""),
                    key.environmentName(),
                    key.doc() + (key.secret() ? "; or " + key.fileName() + ": a file that holds it" : "")));
        }
        return rows;
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
