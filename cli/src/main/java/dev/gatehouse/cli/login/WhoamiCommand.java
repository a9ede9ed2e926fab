package dev.gatehouse.cli.login;

import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.output.Column;
import dev.gatehouse.cli.output.FormatOption;
import dev.gatehouse.cli.output.Listing;
import dev.gatehouse.cli.output.Shell;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code whoami}: who the server says you are. */
@Command(name = "whoami", description = "Shows who you are signed in as.", mixinStandardHelpOptions = true)
public final class WhoamiCommand implements Runnable {

    private static final List<Column> COLUMNS = List.of(
            Column.field("user", "user"),
            Column.joined("roles", "roles"),
            Column.field("until", "expiresAt"),
            Column.joined("access", "accessUrls"));

    private final Shell shell;

    @Mixin
    private FormatOption format = new FormatOption();

    public WhoamiCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public void run() {
        try (ApiClient client = SignIn.client(shell)) {
            Listing.one(shell.out(), format.format(), COLUMNS, client.get("me", Map.of()));
        }
    }
}
