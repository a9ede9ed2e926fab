package dev.gatehouse.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.client.ApiProblem;
import dev.gatehouse.cli.login.SignIn;
import dev.gatehouse.cli.output.CliException;
import dev.gatehouse.cli.output.Exit;
import dev.gatehouse.cli.output.Json;
import dev.gatehouse.cli.output.Shell;
import dev.gatehouse.protocol.message.CloseCode;
import dev.gatehouse.protocol.socket.PlainSockets;
import dev.gatehouse.protocol.transport.LinkSettings;
import dev.gatehouse.protocol.transport.UserDial;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Stack;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code connect}: a local address that leads to a resource, for as long as the command runs. */
@Command(
        name = "connect",
        description = "Opens a local address that leads to a resource, until it is stopped or --exec has ended.",
        mixinStandardHelpOptions = true)
public final class ConnectCommand implements Callable<Integer> {

    private static final String HERE = "127.0.0.1";

    private final Shell shell;

    @Parameters(paramLabel = "NAME", description = "The resource")
    private String name = "";

    @Option(names = "--agent", paramLabel = "ID", description = "Only this agent, where several offer it")
    private Optional<UUID> agent = Optional.empty();

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where to listen; default 127.0.0.1 and a free port")
    private String listen = HERE + ":0";

    @Option(
            names = "--access",
            paramLabel = "URL",
            description = "https://HOST:PORT of gateways; those that the server names if not given")
    private List<String> access = new ArrayList<>();

    @Option(
            names = "--exec",
            paramLabel = "CMD…",
            parameterConsumer = AllThatFollows.class,
            description =
                    "Runs this with the address in its environment (PGHOST and PGPORT, … by the kind of the"
                            + " resource, GATEHOUSE_HOST and GATEHOUSE_PORT always) and ends with its status; all that follows is its")
    private List<String> command = new ArrayList<>();

    /** A command's own options are not ours. */
    static final class AllThatFollows implements IParameterConsumer {
        @Override
        public void consumeParameters(Stack<String> arguments, ArgSpec option, CommandSpec connect) {
            List<String> all = new ArrayList<>();
            while (!arguments.isEmpty()) {
                all.add(arguments.pop());
            }
            if (all.isEmpty()) {
                throw new ParameterException(connect.commandLine(), "--exec needs a command");
            }
            option.setValue(all);
        }
    }

    public ConnectCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        SignIn signIn = SignIn.current(shell);
        List<URI> gateways = new ArrayList<>();
        Offered offered;
        try (ApiClient client = SignIn.client(shell)) {
            access.forEach(url -> gateways.add(URI.create(url)));
            if (gateways.isEmpty()) {
                client.get("me", Map.of()).path("accessUrls").forEach(url -> gateways.add(URI.create(url.asText())));
            }
            offered = offered(client);
        }
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try (PlainSockets sockets = new PlainSockets()) {
            UserDial dial = new UserDial(vertx, LinkSettings.DEFAULT, signIn.token(), SignIn.authorities(signIn.ca()));
            return run(vertx, sockets, dial, gateways, offered);
        } finally {
            vertx.close();
        }
    }

    private int run(Vertx vertx, PlainSockets sockets, UserDial dial, List<URI> gateways, Offered offered) {
        CompletableFuture<Integer> over = new CompletableFuture<>();
        Context context = vertx.getOrCreateContext();
        CompletableFuture<UserTunnels> made = new CompletableFuture<>();
        CompletableFuture<InetSocketAddress> bound = new CompletableFuture<>();
        context.runOnContext(now -> {
            UserTunnels tunnels = new UserTunnels(vertx, dial, gateways, name, agent, new Told(over));
            made.complete(tunnels);
            tunnels.begin();
            listen(context, sockets, tunnels)
                    .onSuccess(at -> bound.complete(at.address()))
                    .onFailure(cause -> {
                        bound.completeExceptionally(cause);
                    });
        });
        InetSocketAddress address = address(bound);
        String host = address.getAddress().getHostAddress();
        if (command.isEmpty()) {
            shell.out().println(host + ":" + address.getPort());
            shell.out().flush();
            say("'" + name + "' is at " + host + ":" + address.getPort() + " until this is stopped");
        } else {
            Map<String, String> variables =
                    ClientEnvironment.of(offered.kind(), offered.labels(), host, address.getPort());
            variables
                    .keySet()
                    .removeIf(name -> ClientEnvironment.isPerson(name)
                            && shell.environment().containsKey(name));
            run(variables, over);
        }
        try {
            return waitFor(over);
        } finally {
            CompletableFuture<Void> closed = new CompletableFuture<>();
            context.runOnContext(now -> made.join().close().onComplete(done -> closed.complete(null)));
            closed.join(); // within the time of a link's closing
        }
    }

    private Future<PlainSockets.Listening> listen(Context context, PlainSockets sockets, UserTunnels tunnels) {
        int colon = listen.lastIndexOf(':');
        String host = colon < 0 ? listen : listen.substring(0, colon);
        try {
            int port = colon < 0 ? 0 : Integer.parseInt(listen.substring(colon + 1));
            return sockets.listen(context, host.replace("[", "").replace("]", ""), port, tunnels::accepted);
        } catch (IllegalArgumentException wrong) {
            return Future.failedFuture("HOST:PORT is needed");
        }
    }

    private InetSocketAddress address(CompletableFuture<InetSocketAddress> bound) {
        try {
            return bound.get();
        } catch (ExecutionException failed) {
            throw new CliException(
                    Exit.FAILED, "--listen " + listen + ": " + failed.getCause().getMessage(), failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CliException(Exit.FAILED, "stopped", stopped);
        }
    }

    private void run(Map<String, String> variables, CompletableFuture<Integer> over) {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(variables);
        try {
            Process process = builder.start();
            var unused = process.onExit().thenAccept(ended -> over.complete(ended.exitValue()));
        } catch (IOException missing) {
            throw new CliException(Exit.FAILED, "--exec: " + missing.getMessage(), missing);
        }
    }

    private static int waitFor(CompletableFuture<Integer> over) {
        try {
            return over.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof CliException said ? said : new IllegalStateException(failed.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Exit.FAILED.status();
        }
    }

    /** What the server says of the resource; empty if it says nothing. A name that it does not list leads nowhere. */
    private Offered offered(ApiClient client) {
        List<Offered> found = new ArrayList<>();
        try {
            client.each("resources", Map.of("name", name), (JsonNode resource) -> {
                if (Json.text(resource, "name").equals(name)) {
                    Map<String, String> labels = new HashMap<>();
                    resource.path("labels")
                            .properties()
                            .forEach(label ->
                                    labels.put(label.getKey(), label.getValue().asText()));
                    found.add(new Offered(Json.text(resource, "kind"), labels));
                }
                return found.isEmpty();
            });
        } catch (ApiProblem silent) {
            return new Offered("", Map.of()); // an older server, or one that cannot look now: the gateway will say
        }
        if (found.isEmpty()) {
            throw new CliException(
                    Exit.FAILED,
                    name
                            + ": there is no resource of that name that you may reach; `gatehouse ls` lists those that you may");
        }
        return found.getFirst();
    }

    /** @param kind empty if it is not known */
    private record Offered(String kind, Map<String, String> labels) {}

    private void say(String text) {
        if (shell.terminal()) {
            shell.err().println(text);
        }
    }

    /** Says what matters: on a terminal all of it, else only what broke. */
    private final class Told implements Narrator {

        private final CompletableFuture<Integer> over;
        private boolean lost;

        Told(CompletableFuture<Integer> over) {
            this.over = over;
        }

        @Override
        public void linked(String url, int resumed) {
            if (lost) {
                say("Linked to " + url + " again; " + resumed + " connections go on");
            }
            lost = false;
        }

        @Override
        public void unlinked(String why) {
            if (!lost) {
                say("No gateway (" + why + "); trying again");
            }
            lost = true;
        }

        @Override
        public void notSignedIn(String why) {
            over.completeExceptionally(new CliException(Exit.NOT_ALLOWED, why + "; sign in again: gatehouse login"));
        }

        @Override
        public void broken(CloseCode code, String detail, boolean opened) {
            shell.err().println("gatehouse: " + name + ": " + (detail.isEmpty() ? code.toString() : detail));
        }
    }
}
