package dev.gatehouse.standalone.fleet;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gatehouse fleet}: real processes in one cluster on this host. */
@Command(
        name = "fleet",
        mixinStandardHelpOptions = true,
        description = "Runs a whole Gatehouse as separate processes of this host, and does things to them.",
        subcommands = {
            FleetUpCommand.class,
            FleetStatusCommand.class,
            FleetCommand.Stop.class,
            FleetCommand.Start.class,
            FleetCommand.Kill.class,
            FleetCommand.Pause.class,
            FleetCommand.Resume.class
        })
public final class FleetCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a command is needed: up, status, stop, start, kill, pause or resume");
    }

    /** A command on one process. */
    private abstract static class OnOne implements Callable<Integer> {

        @Mixin
        private HomeOption home;

        @Parameters(paramLabel = "NAME", description = "As in `fleet status`: gateway-1, ingest-worker-2, postgres, …")
        private String name;

        @Spec
        private CommandSpec spec;

        private final Commands.Action action;

        OnOne(Commands.Action action) {
            this.action = action;
        }

        @Override
        public Integer call() throws InterruptedException {
            return home.run(
                    spec, fleet -> fleet.ask(action, name, spec.commandLine().getErr()::println));
        }
    }

    /** Also of the whole fleet. */
    @Command(
            name = "stop",
            mixinStandardHelpOptions = true,
            description =
                    "Stops one process in order (SIGTERM), until `fleet start NAME`; without NAME ends the fleet.")
    static final class Stop implements Callable<Integer> {

        @Mixin
        private HomeOption home;

        @Parameters(paramLabel = "NAME", arity = "0..1", description = "As in `fleet status`; without: all")
        private String name = Commands.ALL;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws InterruptedException {
            return home.run(spec, fleet -> {
                if (name.equals(Commands.ALL)) {
                    fleet.stopAll();
                } else {
                    fleet.ask(Commands.Action.STOP, name, spec.commandLine().getErr()::println);
                }
            });
        }
    }

    @Command(
            name = "start",
            mixinStandardHelpOptions = true,
            description = "Starts one that was stopped or killed; returns when it is ready.")
    static final class Start extends OnOne {
        Start() {
            super(Commands.Action.START);
        }
    }

    @Command(
            name = "kill",
            mixinStandardHelpOptions = true,
            description = "SIGKILL for one and its children; it stays down until `fleet start NAME`.")
    static final class Kill extends OnOne {
        Kill() {
            super(Commands.Action.KILL);
        }
    }

    @Command(
            name = "pause",
            mixinStandardHelpOptions = true,
            description = "SIGSTOP for one and its children: alive, but does nothing.")
    static final class Pause extends OnOne {
        Pause() {
            super(Commands.Action.PAUSE);
        }
    }

    @Command(name = "resume", mixinStandardHelpOptions = true, description = "SIGCONT: ends a pause.")
    static final class Resume extends OnOne {
        Resume() {
            super(Commands.Action.RESUME);
        }
    }
}
