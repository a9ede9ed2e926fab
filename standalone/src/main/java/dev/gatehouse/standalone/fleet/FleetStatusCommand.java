package dev.gatehouse.standalone.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.cli.output.Column;
import dev.gatehouse.cli.output.Format;
import dev.gatehouse.cli.output.FormatOption;
import dev.gatehouse.cli.output.Json;
import dev.gatehouse.cli.output.Listing;
import dev.gatehouse.cli.output.Shell;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gatehouse fleet status}: a live table on a terminal, else once. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows what each process of a fleet is and does; on a terminal until Ctrl-C.")
final class FleetStatusCommand implements Callable<Integer> {

    private static final long PERIOD_MILLIS = 1_000;
    private static final String TO_TOP_LEFT = "\033[H\033[J";

    private static final List<Column> COLUMNS = List.of(
            Column.field("NAME", "name"),
            Column.field("ROLE", "role"),
            Column.field("PID", "pid"),
            Column.field("STATE", "state"),
            Column.field("READY", "ready"),
            Column.field("LINKS", "links"),
            new Column("CHUNKS/S", item -> number(item, "chunksPerSecond")),
            new Column(
                    "BYTES/S",
                    item -> item.has("bytesPerSecond")
                            ? Column.bytes(item.path("bytesPerSecond").asLong())
                            : ""),
            new Column("MASTER", item -> item.path("master").asBoolean() ? "master" : ""));

    @Mixin
    private HomeOption home;

    @Mixin
    private FormatOption format;

    @Option(names = "--once", description = "Once also on a terminal")
    private boolean once;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Shell shell = Shell.ofProcess();
        boolean live = shell.terminal() && !once && format.format() == Format.table;
        return home.run(spec, fleet -> {
            FleetView view = new FleetView(fleet);
            view.look();
            do {
                TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS); // rates are what has changed meanwhile
                String text = text(view.look());
                shell.out().print(live ? TO_TOP_LEFT + text : text);
                shell.out().flush();
            } while (live);
        });
    }

    private String text(ObjectNode status) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
            if (format.format() != Format.table) {
                Listing.one(out, format.format(), List.of(), status);
            } else {
                JsonNode quorum = status.path("quorum");
                out.printf(
                        "master %s, quorum %s (%d of %d background-workers)%n%n",
                        Json.text(status, "master").isEmpty() ? "none" : Json.text(status, "master"),
                        quorum.path("held").asBoolean() ? "held" : "LOST",
                        quorum.path("live").asInt(),
                        quorum.path("expected").asInt());
                try (Listing listing = new Listing(out, Format.table, COLUMNS)) {
                    ((ArrayNode) status.path("processes")).forEach(listing::add);
                }
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String number(JsonNode item, String field) {
        return item.has(field)
                ? String.format(Locale.ROOT, "%.1f", item.path(field).asDouble())
                : "";
    }
}
