package dev.gatehouse.standalone;

import dev.gatehouse.shared.node.SettingsCommand;
import dev.gatehouse.standalone.fleet.FleetCommand;
import dev.gatehouse.standalone.fleet.UpgradeCommand;
import dev.gatehouse.standalone.up.UpCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code gatehouse up}, {@code fleet}, {@code upgrade} and {@code settings}: the commands that know every service. */
@Command(
        name = "gatehouse",
        mixinStandardHelpOptions = true,
        subcommands = {UpCommand.class, FleetCommand.class, UpgradeCommand.class, SettingsCommand.class})
public final class StandaloneMain {

    private StandaloneMain() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new StandaloneMain())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }
}
