package dev.gatehouse.cli.verify;

import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.login.SignIn;
import dev.gatehouse.cli.output.CliException;
import dev.gatehouse.cli.output.Exit;
import dev.gatehouse.cli.output.Format;
import dev.gatehouse.cli.output.FormatOption;
import dev.gatehouse.cli.output.Listing;
import dev.gatehouse.cli.output.Progress;
import dev.gatehouse.cli.output.Shell;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code verify}: whether everything that was acknowledged is there, once and unchanged. */
@Command(
        name = "verify",
        description = {
            "Holds an agent's ledger against what is stored: each chunk that was acknowledged must be there, once, with the same bytes.",
            "Exit status 1 if any is missing, different or duplicated. What retention has taken away is said apart."
        },
        mixinStandardHelpOptions = true)
public final class VerifyCommand implements Callable<Integer> {

    private final Shell shell;

    @Option(
            names = "--ledger",
            paramLabel = "FILE",
            required = true,
            description = "Written by: gatehouse agent run --ledger FILE")
    private Path file;

    @Mixin
    private FormatOption format = new FormatOption();

    public VerifyCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (ApiClient client = SignIn.client(shell)) {
            Findings findings = findings(client);
            print(findings);
            return (findings.good() ? Exit.DONE : Exit.FAILED).status();
        } catch (NoSuchFileException missing) {
            throw new CliException(Exit.FAILED, "no ledger " + file, missing);
        } catch (IOException broken) {
            throw new CliException(Exit.FAILED, "ledger " + file + " cannot be read: " + broken.getMessage(), broken);
        }
    }

    private Findings findings(ApiClient client) throws IOException {
        try (Progress progress = new Progress(shell);
                SortedLedger ledger = SortedLedger.sort(file, progress)) {
            long total = ledger.count();
            return new Comparison(
                            ledger,
                            new ApiChunks(client),
                            done -> progress.show(done + " of " + total + " chunks held against the store"))
                    .run();
        }
    }

    private void print(Findings findings) {
        if (format.format() != Format.table) {
            Listing.one(shell.out(), format.format(), List.of(), findings.json());
            return;
        }
        findings.examples().forEach(shell.out()::println);
        shell.out().println(findings.text());
        shell.out().flush();
    }
}
