package dev.gatehouse.agent.command;

import dev.gatehouse.agent.enrol.EnrolClient;
import dev.gatehouse.agent.enrol.EnrolException;
import dev.gatehouse.agent.enrol.Identity;
import dev.gatehouse.protocol.identity.Pin;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "enroll",
        description = "Gets this agent an identity, with a join token",
        mixinStandardHelpOptions = true)
final class EnrollCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private AgentMain.Folder folder;

    @Option(
            names = "--url",
            required = true,
            paramLabel = "ACCESS_URL",
            description = "HTTPS address of the deployment's access endpoint")
    private URI url;

    @Option(names = "--token", required = true, paramLabel = "TOKEN", description = "a join token")
    private String token;

    @Option(
            names = "--ca-pin",
            required = true,
            paramLabel = "sha256:…",
            description = "fingerprint of the deployment's CA, from whoever gave you the token")
    private String pin;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "what people call the agent (default: this machine's name)")
    private String name = hostName();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Pin wanted;
        try {
            wanted = Pin.parse(pin);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        if (Identity.exists(folder.dir)) {
            err.println(folder.dir + " has an identity already; give another --dir, or remove that folder");
            return AgentMain.FAILED;
        }
        try {
            Identity identity = EnrolClient.enrol(url, token, wanted, name);
            identity.save(folder.dir);
            out.println("Enrolled as '" + identity.name() + "' (" + identity.agentId() + ") in " + folder.dir);
            out.println("Next: gatehouse agent run --dir " + folder.dir);
            return 0;
        } catch (EnrolException e) {
            err.println("Not enrolled: " + e.getMessage());
            return switch (e.reason()) {
                case UNREACHABLE -> AgentMain.NOT_REACHABLE;
                case REFUSED -> AgentMain.NOT_ALLOWED;
                case FAILED -> AgentMain.FAILED;
            };
        } catch (IOException e) {
            err.println("Enrolled, but " + folder.dir + " can't be written: " + e.getMessage());
            return AgentMain.FAILED;
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "agent";
        }
    }
}
