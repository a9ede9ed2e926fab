package dev.gatehouse.standalone.home;

import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of whatever starts a local Gatehouse. */
public final class LocalOptions {

    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = ".gatehouse",
            description = "Folder for all data (default: ${DEFAULT-VALUE})")
    private Path home = Path.of(".gatehouse");

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            defaultValue = "0",
            description = "Added to every port, 0 to 20000 (default: 0)")
    private int portOffset;

    @Option(names = "--no-demo", description = "Without the demo agent")
    private boolean noDemo;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** Takes the home until this process ends or closes it. */
    public Home open() throws Home.Unusable {
        return Home.open(home);
    }

    /** @throws ParameterException the offset is out of its range */
    public Ports ports() {
        try {
            return new Ports(portOffset);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    public boolean demo() {
        return !noDemo;
    }
}
