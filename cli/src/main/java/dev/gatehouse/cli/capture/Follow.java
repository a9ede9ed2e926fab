package dev.gatehouse.cli.capture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.output.CliException;
import dev.gatehouse.cli.output.Exit;
import dev.gatehouse.cli.output.Format;
import dev.gatehouse.cli.output.Json;
import dev.gatehouse.cli.output.Listing;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Prints events as they become searchable, oldest first, each once, of at most the {@link #MAX_EACH} newest a poll. Events of agents that lag are shown if they are not older than {@link #LATE}.
 */
final class Follow {

    static final Duration PERIOD = Duration.ofSeconds(1);

    /** How far back each poll looks. */
    static final Duration LATE = Duration.ofMinutes(2);

    /** Events that one poll looks at. */
    static final int MAX_EACH = 5_000;

    private static final int MAX_SEEN = 100_000;

    private final ApiClient client;
    private final Map<String, String> query;
    private final PrintStream out;
    private final Format format;
    private final long limit;
    private final Set<String> seen = new LinkedHashSet<>();

    /** @param limit ends after so many; 0: never */
    Follow(ApiClient client, Map<String, String> query, PrintStream out, Format format, long limit) {
        this.client = client;
        this.query = query;
        this.out = out;
        this.format = format;
        this.limit = limit;
    }

    void run(Instant from, Duration period) {
        Listing table = new Listing(out, Format.table, EventsCommand.COLUMNS);
        long printed = 0;
        while (true) {
            Instant late = Instant.now().minus(LATE);
            for (JsonNode event : fresh(from.isAfter(late) ? from : late)) {
                switch (format) {
                    case table -> table.add(event);
                    case json -> Listing.line(out, event);
                    case yaml -> {
                        try (Listing one = new Listing(out, Format.yaml, List.of())) {
                            one.add(event);
                        }
                    }
                }
                printed++;
                if (limit > 0 && printed == limit) {
                    show(table);
                    return;
                }
            }
            show(table);
            pause(period);
        }
    }

    /** Not before there are events: the first ones decide the widths. */
    private static void show(Listing table) {
        if (table.count() > 0) {
            table.flush();
        }
    }

    /** Those not yet shown, oldest first. */
    private List<JsonNode> fresh(Instant from) {
        Map<String, String> poll = new HashMap<>(query);
        poll.put("from", from.toString());
        poll.put("limit", "1000");
        List<JsonNode> found = new ArrayList<>();
        AtomicInteger examined = new AtomicInteger();
        client.each("events", poll, event -> {
            if (seen.add(Json.text(event, "id"))) {
                found.add(event);
            }
            return examined.incrementAndGet() < MAX_EACH;
        });
        Collections.reverse(found);
        while (seen.size() > MAX_SEEN) {
            seen.remove(seen.iterator().next());
        }
        return found;
    }

    private static void pause(Duration period) {
        try {
            Thread.sleep(period.toMillis());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CliException(Exit.FAILED, "stopped", stopped);
        }
    }
}
