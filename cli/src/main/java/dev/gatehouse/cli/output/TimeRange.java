package dev.gatehouse.cli.output;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --from} and {@code --to}. */
public final class TimeRange {

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = When.Time.class,
            description = "This time or later: 2026-11-21T08:00:00Z, 2026-11-21, or 2h (ago)")
    private Optional<Instant> from = Optional.empty();

    @Option(names = "--to", paramLabel = "TIME", converter = When.Time.class, description = "Before this time")
    private Optional<Instant> to = Optional.empty();

    public Optional<Instant> from() {
        return from;
    }

    /** Adds what was given to a query of the server. */
    public void addTo(Map<String, String> query) {
        from.ifPresent(time -> query.put("from", time.toString()));
        to.ifPresent(time -> query.put("to", time.toString()));
    }
}
