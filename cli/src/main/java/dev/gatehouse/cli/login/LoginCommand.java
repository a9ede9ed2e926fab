package dev.gatehouse.cli.login;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.client.ApiProblem;
import dev.gatehouse.cli.client.ApiUrl;
import dev.gatehouse.cli.output.CliException;
import dev.gatehouse.cli.output.Exit;
import dev.gatehouse.cli.output.Json;
import dev.gatehouse.cli.output.Shell;
import dev.gatehouse.protocol.identity.Pem;
import dev.gatehouse.protocol.identity.Pin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code login}: checks whom it talks to, then sends the password and keeps the token. */
@Command(
        name = "login",
        description = "Signs you in. The password is asked for, or taken from GATEHOUSE_PASSWORD.",
        mixinStandardHelpOptions = true)
public final class LoginCommand implements Runnable {

    private final Shell shell;

    @Option(
            names = "--url",
            paramLabel = "ADMIN_URL",
            description = "https://HOST:PORT of the admin endpoint; that of the last sign-in if not given")
    private Optional<String> url = Optional.empty();

    @Option(names = "--user", paramLabel = "NAME", description = "That of the last sign-in if not given")
    private Optional<String> user = Optional.empty();

    @Option(names = "--totp", paramLabel = "CODE", description = "The six digits, if your account asks for them")
    private Optional<String> totp = Optional.empty();

    @ArgGroup(exclusive = true)
    private Trust trust = new Trust();

    static final class Trust {
        @Option(names = "--ca-file", paramLabel = "FILE", description = "PEM of the CA to trust, and no other")
        private Path caFile;

        @Option(
                names = "--ca-pin",
                paramLabel = "sha256:HEX",
                description = "The CA is fetched from the server and trusted if it has this fingerprint")
        private String caPin;
    }

    public LoginCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public void run() {
        Optional<SignIn> last = SignIn.read(shell);
        ApiUrl admin = ApiUrl.parse(url.or(() -> last.map(SignIn::url))
                .orElseThrow(() -> new CliException(Exit.USAGE, "--url is needed the first time")));
        String name = user.or(() -> last.map(SignIn::user))
                .orElseThrow(() -> new CliException(Exit.USAGE, "--user is needed the first time"));
        String ca = ca(admin, last.filter(known -> known.url().equals(admin.base())));
        JsonNode answer = signIn(admin, ca, name, shell.password(name));
        new SignIn(admin.base(), name, Json.text(answer, "token"), Json.text(answer, "expiresAt"), ca).write(shell);
        shell.err().println("Signed in to " + admin + " as " + name + " until " + Json.text(answer, "expiresAt"));
    }

    private JsonNode signIn(ApiUrl admin, String ca, String name, String password) {
        var body = Json.MAPPER.createObjectNode().put("username", name).put("password", password);
        totp.ifPresent(code -> body.put("totp", code));
        try (ApiClient client = new ApiClient(admin, SignIn.authorities(ca), Optional.empty())) {
            return client.post("login", body);
        } catch (ApiProblem refused) {
            throw refused.status() == 401 || refused.status() == 429
                    ? new CliException(Exit.NOT_ALLOWED, refused.getMessage(), refused)
                    : refused;
        }
    }

    /** PEM of whom to trust; what was trusted for the same URL before, if nothing is said. */
    private String ca(ApiUrl admin, Optional<SignIn> last) {
        if (trust.caFile != null) {
            try {
                String pem = Files.readString(trust.caFile);
                return Pem.text(SignIn.authorities(pem));
            } catch (IOException broken) {
                throw new CliException(Exit.FAILED, "--ca-file cannot be read: " + broken.getMessage(), broken);
            }
        }
        if (trust.caPin != null) {
            return pinned(admin, pin(trust.caPin));
        }
        return last.map(SignIn::ca).orElse("");
    }

    private static Pin pin(String text) {
        try {
            return Pin.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw new CliException(Exit.USAGE, "--ca-pin: " + wrong.getMessage(), wrong);
        }
    }

    private static String pinned(ApiUrl admin, Pin pin) {
        for (X509Certificate offered : SignIn.authorities(ApiClient.fetchCa(admin))) {
            if (pin.matches(offered)) {
                return Pem.text(offered);
            }
        }
        throw new CliException(
                Exit.NOT_ALLOWED,
                admin + " has another CA than the pin says: somebody may be in between; nothing was sent to it");
    }
}
