package dev.gatehouse.admin.setup;

import dev.gatehouse.shared.node.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gatehouse init}: prints each file that it made or found. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description =
                "Sets a deployment up, once: the database's schema, the CAs, the node token, the first administrator."
                        + " Run again, it makes what is missing and changes nothing else.",
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:done", "1:failed", "2:usage", "3:settings refused", "4:the database does not answer"})
public final class InitCommand implements Callable<Integer> {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML file of settings; GATEHOUSE_… variables come on top")
    private Optional<Path> config = Optional.empty();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Where the files are made; the same each time")
    private Path out = Path.of("");

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Settings settings = Settings.load(config);
        Deployment deployment = Deployment.make(settings, out.toAbsolutePath().normalize());
        PrintWriter text = spec.commandLine().getOut();
        for (Deployment.Part part : deployment.parts()) {
            text.printf("%s  %s  (%s)%n", part.made() ? "made " : "found", part.file(), part.meaning());
        }
        text.println(
                deployment.changed()
                        ? "The deployment is set up. Keep these files as you keep keys."
                        : "Nothing to do: the deployment was set up before.");
        text.flush();
        return 0;
    }
}
