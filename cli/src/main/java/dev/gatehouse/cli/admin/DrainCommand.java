package dev.gatehouse.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.login.SignIn;
import dev.gatehouse.cli.output.CliException;
import dev.gatehouse.cli.output.Exit;
import dev.gatehouse.cli.output.Json;
import dev.gatehouse.cli.output.Progress;
import dev.gatehouse.cli.output.Shell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drain NODE}: returns when the node has left. */
@Command(
        name = "drain",
        description = "Has a node hand its work over and leave; returns when it has gone.",
        mixinStandardHelpOptions = true)
public final class DrainCommand implements Callable<Integer> {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration PERIOD = Duration.ofMillis(250);
    private static final String GONE = "gone";

    private final Shell shell;

    @Parameters(paramLabel = "NODE", description = "Name or id, as in `nodes ls`")
    private String node;

    @Option(names = "--no-wait", description = "Only tell it")
    private boolean noWait;

    public DrainCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (ApiClient client = SignIn.client(shell);
                Progress progress = new Progress(shell)) {
            String id = id(client);
            client.post("nodes/" + id + "/drain", Json.MAPPER.createObjectNode());
            long end = System.nanoTime() + LIMIT.toNanos();
            for (String state = state(client, id); !noWait && !state.equals(GONE); state = state(client, id)) {
                if (System.nanoTime() - end > 0) {
                    throw new CliException(
                            Exit.FAILED, node + " is still " + state + " after " + LIMIT.toSeconds() + " s");
                }
                progress.show(node + ": " + state);
                Thread.sleep(PERIOD.toMillis());
            }
            shell.err().println(node + (noWait ? " is draining" : " has gone"));
            return Exit.DONE.status();
        }
    }

    /** That of the one node which has the name and has not gone. */
    private String id(ApiClient client) {
        List<String> ids = new ArrayList<>();
        client.each("nodes", Map.of(), each -> {
            boolean named = Json.text(each, "name").equals(node)
                    && !Json.text(each, "state").equals(GONE);
            if (named || Json.text(each, "id").equals(node)) {
                ids.add(Json.text(each, "id"));
            }
            return true;
        });
        if (ids.size() != 1) {
            throw new CliException(
                    Exit.FAILED,
                    ids.isEmpty()
                            ? "no node that is there has the name or id '" + node + "'; `nodes ls` lists them"
                            : "several nodes have the name '" + node + "'; give the id: " + String.join(", ", ids));
        }
        return ids.getFirst();
    }

    private static String state(ApiClient client, String id) {
        String[] found = {GONE};
        client.each("nodes", Map.of(), each -> keep(each, id, found));
        return found[0];
    }

    private static boolean keep(JsonNode each, String id, String[] found) {
        if (Json.text(each, "id").equals(id)) {
            found[0] = Json.text(each, "state");
        }
        return true;
    }
}
