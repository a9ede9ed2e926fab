package dev.gatehouse.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.cli.output.Column;
import dev.gatehouse.cli.output.Format;
import dev.gatehouse.cli.output.Listing;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Prints a list of the server's, page by page as it comes. */
public final class Lists {

    private static final int PAGE = 500;

    private Lists() {}

    /**
     * Prints those that the filter lets through.
     *
     * @param limit at most so many; 0: all
     */
    public static void print(
            ApiClient client,
            String path,
            Map<String, String> query,
            Predicate<JsonNode> filter,
            long limit,
            PrintStream out,
            Format format,
            List<Column> columns) {
        try (Listing listing = new Listing(out, format, columns)) {
            Map<String, String> paged = new HashMap<>(query);
            paged.put("limit", Long.toString(limit == 0 ? PAGE : Math.min(limit, PAGE)));
            client.each(path, paged, item -> {
                if (filter.test(item)) {
                    listing.add(item);
                }
                return limit == 0 || listing.count() < limit;
            });
        }
    }
}
