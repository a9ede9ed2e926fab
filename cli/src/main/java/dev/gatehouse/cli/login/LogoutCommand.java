package dev.gatehouse.cli.login;

import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.client.ApiProblem;
import dev.gatehouse.cli.output.Json;
import dev.gatehouse.cli.output.Shell;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code logout}: ends the sign-in on the server and forgets its token here, this also if the server cannot be told. */
@Command(name = "logout", description = "Signs you out.", mixinStandardHelpOptions = true)
public final class LogoutCommand implements Runnable {

    private final Shell shell;

    public LogoutCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public void run() {
        Optional<SignIn> signIn =
                SignIn.read(shell).filter(found -> !found.token().isEmpty());
        if (signIn.isEmpty()) {
            shell.err().println("Nobody was signed in.");
            return;
        }
        try (ApiClient client = SignIn.client(shell)) {
            client.post("logout", Json.MAPPER.createObjectNode());
        } catch (ApiProblem refused) {
            if (refused.status() != 401) { // then it had ended already
                throw refused;
            }
        } finally {
            signIn.get().ended().write(shell);
        }
        shell.err().println("Signed out.");
    }
}
