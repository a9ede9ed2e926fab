package dev.gatehouse.shared.node;

import dev.gatehouse.shared.settings.SettingsException;
import dev.gatehouse.shared.settings.SettingsTable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gatehouse settings}: every key with what is allowed, its default or effective value, its environment variable and what it means. */
@Command(
        name = "settings",
        mixinStandardHelpOptions = true,
        description = "Shows every setting. With -o yaml: as a file to start from.")
public final class SettingsCommand implements Callable<Integer> {

    private enum Output {
        table,
        json,
        yaml
    }

    private static final class Which {
        @Option(names = "--defaults", description = "the defaults, whatever is configured (this is the default)")
        private boolean defaults;

        @Option(
                names = "--effective",
                description = "what holds with the file, the environment and the defaults together")
        private boolean effective;
    }

    @ArgGroup
    private Which which = new Which();

    @Option(names = "--config", paramLabel = "FILE", description = "YAML file of settings, for --effective")
    private Optional<Path> config = Optional.empty();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}")
    private Output output = Output.table;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            boolean defaults = which.defaults || !which.effective;
            List<SettingsTable.Row> rows =
                    defaults ? SettingsTable.defaults(Settings.class) : SettingsTable.effective(Settings.load(config));
            out.print(
                    switch (output) {
                        case table -> table(rows);
                        case json -> json(rows);
                        case yaml -> SettingsTable.yaml(rows);
                    });
            out.flush();
            return 0;
        } catch (SettingsException e) {
            spec.commandLine().getErr().println("settings refused:\n" + e.getMessage());
            return SettingsException.EXIT_STATUS;
        }
    }

    /** A line for the values, a line for the meaning: together they would not fit on a screen. */
    private String table(List<SettingsTable.Row> rows) {
        StringBuilder text = new StringBuilder();
        text.append(line("KEY", which.effective ? "VALUE" : "DEFAULT", "ENVIRONMENT"));
        for (SettingsTable.Row row : rows) {
            text.append(line(row.key(), row.value().isEmpty() ? "-" : row.value(), row.environment()))
                    .append("    ")
                    .append(row.doc().isEmpty() ? "" : row.doc() + ". ")
                    .append("Allowed: ")
                    .append(row.allowed())
                    .append('\n');
        }
        return text.toString();
    }

    private static String line(String key, String value, String environment) {
        return String.format("%-36s %-24s %s%n", key, value, environment);
    }

    private static String json(List<SettingsTable.Row> rows) {
        JsonArray array = new JsonArray();
        rows.forEach(row -> array.add(new JsonObject()
                .put("key", row.key())
                .put("allowed", row.allowed())
                .put("value", row.value().isEmpty() ? null : row.value())
                .put("environment", row.environment())
                .put("doc", row.doc())));
        return array.encodePrettily() + System.lineSeparator();
    }
}
