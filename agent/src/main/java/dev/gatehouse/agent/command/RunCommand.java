package dev.gatehouse.agent.command;

import dev.gatehouse.agent.Agent;
import dev.gatehouse.agent.settings.AgentFile;
import dev.gatehouse.agent.settings.AgentSettings;
import dev.gatehouse.agent.settings.SettingsException;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "run", description = "Runs the agent in the foreground", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    private static final long STOP_SECONDS = 20;

    /** Threads for what blocks: small files, and now and then a renewal. */
    private static final int WORKERS = 3;

    @Spec
    private CommandSpec spec;

    @Mixin
    private AgentMain.Folder folder;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "the agent's settings (default: agent.yaml in its folder, if there)")
    private Path config;

    @Option(
            names = "--ledger",
            paramLabel = "FILE",
            description = "adds a line for each acknowledged chunk to this file")
    private Path ledger;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        AgentSettings settings;
        try {
            settings = settings();
        } catch (SettingsException e) {
            err.println("Settings refused:");
            List<String> problems = e.problems();
            for (int i = 0; i < problems.size(); i++) {
                err.println("  " + (i + 1) + ". " + problems.get(i));
            }
            return AgentMain.SETTINGS_REFUSED;
        }
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(WORKERS)
                .setInternalBlockingPoolSize(WORKERS)
                .setPreferNativeTransport(true));
        try {
            Agent agent = Agent.start(vertx, folder.dir, settings, Optional.ofNullable(ledger))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get();
            agent.follow(file(), settings);
            awaitSignal(agent);
            return 0;
        } catch (ExecutionException e) {
            err.println("Not started: " + e.getCause().getMessage());
            return AgentMain.FAILED;
        } finally {
            vertx.close();
        }
    }

    private AgentSettings settings() throws SettingsException {
        return config == null && !Files.exists(file()) ? AgentSettings.DEFAULT : AgentFile.read(file());
    }

    private Path file() {
        return config == null ? folder.dir.resolve("agent.yaml") : config;
    }

    /** Returns after a stop signal, when the agent is closed. */
    private static void awaitSignal(Agent agent) throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("agent-stop").unstarted(() -> {
                    try {
                        agent.close().toCompletionStage().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
                    } catch (InterruptedException | ExecutionException | TimeoutException e) {
                        LoggerFactory.getLogger(RunCommand.class).error("Agent not closed cleanly", e);
                    } finally {
                        closed.countDown();
                    }
                }));
        closed.await();
    }
}
