package dev.gatehouse.cli.output;

import picocli.CommandLine.Option;

/** {@code -o}, the same on every command that prints something. */
public final class FormatOption {

    @Option(
            names = {"-o", "--format"},
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}",
            defaultValue = "table")
    private Format format = Format.table;

    public Format format() {
        return format;
    }
}
