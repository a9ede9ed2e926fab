package dev.gatehouse.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.cli.output.Column;
import dev.gatehouse.cli.output.Format;
import dev.gatehouse.cli.output.FormatOption;
import dev.gatehouse.cli.output.LimitOption;
import dev.gatehouse.cli.output.Listing;
import dev.gatehouse.cli.output.Shell;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import picocli.CommandLine.Mixin;

/** {@code --limit} and {@code -o} of a command that lists; prints what the server lists, page by page as it comes. */
public final class ListOptions {

    private static final int PAGE = 500;

    @Mixin
    private LimitOption limit = new LimitOption();

    @Mixin
    private FormatOption format = new FormatOption();

    public Format format() {
        return format.format();
    }

    /** At most so many; 0: all. */
    public long limit(long usual) {
        return limit.or(usual);
    }

    /** Prints all, unless {@code --limit} says otherwise. */
    public void print(Shell shell, ApiClient client, String path, Map<String, String> query, List<Column> columns) {
        print(shell, client, path, query, item -> true, 0, columns);
    }

    /**
     * Prints those that the filter lets through.
     *
     * @param usual at most so many unless {@code --limit} says otherwise; 0: all
     */
    public void print(
            Shell shell,
            ApiClient client,
            String path,
            Map<String, String> query,
            Predicate<JsonNode> filter,
            long usual,
            List<Column> columns) {
        long most = limit(usual);
        try (Listing listing = new Listing(shell.out(), format(), columns)) {
            Map<String, String> paged = new HashMap<>(query);
            paged.put("limit", Long.toString(most == 0 ? PAGE : Math.min(most, PAGE)));
            client.each(path, paged, item -> {
                if (filter.test(item)) {
                    listing.add(item);
                }
                return most == 0 || listing.count() < most;
            });
        }
    }
}
