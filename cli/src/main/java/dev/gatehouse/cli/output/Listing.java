package dev.gatehouse.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints items as they come: a table whose widths are those of the first items, a JSON array, or a YAML list. Holds at most {@link #MEASURED} items.
 */
public final class Listing implements AutoCloseable {

    /** Items that decide the widths of a table. */
    static final int MEASURED = 1000;

    /** Widest that a column but the last gets; longer values shift those behind them. */
    static final int MAX_WIDTH = 60;

    private final PrintStream out;
    private final Format format;
    private final List<Column> columns;
    private final List<List<String>> waiting = new ArrayList<>();
    private int[] widths;
    private long count;

    public Listing(PrintStream out, Format format, List<Column> columns) {
        this.out = out;
        this.format = format;
        this.columns = columns;
        if (format == Format.table) {
            waiting.add(columns.stream().map(Column::header).toList());
        }
    }

    public void add(JsonNode item) {
        switch (format) {
            case table ->
                row(columns.stream()
                        .map(column -> printable(column.value().apply(item)))
                        .toList());
            case json -> {
                out.println(count == 0 ? "[" : ",");
                out.print(Json.pretty(item).indent(2).stripTrailing());
            }
            case yaml -> out.print(Json.yaml(List.of(item)));
        }
        count++;
    }

    /** What is complete so far becomes visible: for listings that go on. */
    public void flush() {
        printWaiting();
        out.flush();
    }

    public long count() {
        return count;
    }

    @Override
    public void close() {
        switch (format) {
            case table -> printWaiting();
            case json -> out.println(count == 0 ? "[]" : System.lineSeparator() + "]");
            case yaml -> {
                if (count == 0) {
                    out.println("[]");
                }
            }
        }
        out.flush();
    }

    /** One object rather than a list: as a table, a line for each column. */
    public static void one(PrintStream out, Format format, List<Column> columns, JsonNode item) {
        switch (format) {
            case table -> {
                int width = columns.stream()
                        .mapToInt(column -> column.header().length())
                        .max()
                        .orElse(0);
                for (Column column : columns) {
                    out.println(padded(column.header(), width) + "  "
                            + printable(column.value().apply(item)));
                }
            }
            case json -> out.println(Json.pretty(item));
            case yaml -> out.print(Json.yaml(item));
        }
        out.flush();
    }

    /** One line of JSON for each item, for listings without an end. */
    public static void line(PrintStream out, JsonNode item) {
        out.println(Json.line(item));
        out.flush();
    }

    private void row(List<String> cells) {
        if (widths != null) {
            print(cells);
            return;
        }
        waiting.add(cells);
        if (waiting.size() > MEASURED) {
            printWaiting();
        }
    }

    private void printWaiting() {
        if (format != Format.table) {
            return;
        }
        if (widths == null) {
            widths = new int[columns.size()];
            for (List<String> cells : waiting) {
                for (int i = 0; i < widths.length; i++) {
                    widths[i] = Math.clamp(cells.get(i).length(), widths[i], MAX_WIDTH);
                }
            }
        }
        waiting.forEach(this::print);
        waiting.clear();
    }

    private void print(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            line.append(i == cells.size() - 1 ? cells.get(i) : padded(cells.get(i), widths[i]) + "  ");
        }
        out.println(line.toString().stripTrailing());
    }

    private static String padded(String cell, int width) {
        return cell + " ".repeat(Math.max(0, width - cell.length()));
    }

    /** Names come from other people's machines: what would move the cursor or hide text of a terminal is shown as a question mark. */
    static String printable(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            int type = Character.getType(point);
            boolean hides = type == Character.CONTROL
                    || type == Character.FORMAT
                    || type == Character.SURROGATE
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR;
            clean.appendCodePoint(hides ? '?' : point);
        });
        return clean.toString();
    }
}
