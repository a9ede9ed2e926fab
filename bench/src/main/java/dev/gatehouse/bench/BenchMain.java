package dev.gatehouse.bench;

import dev.gatehouse.bench.access.AccessCommand;
import dev.gatehouse.bench.capture.CaptureCommand;
import dev.gatehouse.bench.links.LinksCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code gatehouse bench}: loads a Gatehouse and says how it does, as one JSON object on the last line. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Load on an own `up`, or with --url on one that is there. The last line is one JSON object.",
        subcommands = {CaptureCommand.class, LinksCommand.class, AccessCommand.class})
public final class BenchMain {

    private BenchMain() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchMain())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }
}
