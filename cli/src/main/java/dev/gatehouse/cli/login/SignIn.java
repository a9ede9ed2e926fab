package dev.gatehouse.cli.login;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.client.ApiUrl;
import dev.gatehouse.cli.output.CliException;
import dev.gatehouse.cli.output.Exit;
import dev.gatehouse.cli.output.Json;
import dev.gatehouse.cli.output.Shell;
import dev.gatehouse.protocol.identity.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * A user's sign-in as it is kept between commands: one file, mode 600, in a folder of mode 700.
 *
 * @param ca PEM of the only CA that is trusted for this URL; empty: those of the system
 */
public record SignIn(String url, String user, String token, String expiresAt, String ca) {

    private static final String FILE = "sign-in.json";

    /** A client that acts as the user; fails with {@link Exit#NOT_ALLOWED} if nobody is signed in. */
    public static ApiClient client(Shell shell) {
        SignIn signIn = current(shell);
        return new ApiClient(ApiUrl.parse(signIn.url), authorities(signIn.ca), Optional.of(signIn.token));
    }

    /** Fails with {@link Exit#NOT_ALLOWED} if nobody is signed in. */
    public static SignIn current(Shell shell) {
        return read(shell)
                .filter(found -> !found.token.isEmpty())
                .orElseThrow(() -> new CliException(
                        Exit.NOT_ALLOWED, "not signed in; first: gatehouse login --url ADMIN_URL --user NAME"));
    }

    static Optional<SignIn> read(Shell shell) {
        Path file = shell.configDirectory().resolve(FILE);
        try {
            JsonNode json = Json.MAPPER.readTree(Files.readString(file));
            return Optional.of(new SignIn(
                    Json.text(json, "url"),
                    Json.text(json, "user"),
                    Json.text(json, "token"),
                    Json.text(json, "expiresAt"),
                    Json.text(json, "ca")));
        } catch (NoSuchFileException nobody) {
            return Optional.empty();
        } catch (IOException broken) {
            throw new CliException(
                    Exit.FAILED, file + " cannot be read (" + broken.getMessage() + "); sign in again", broken);
        }
    }

    void write(Shell shell) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("url", url)
                .put("user", user)
                .put("token", token)
                .put("expiresAt", expiresAt)
                .put("ca", ca);
        Path folder = shell.configDirectory();
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path fresh = Files.createTempFile(
                    folder,
                    FILE,
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, json.toPrettyString());
            Files.move(fresh, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException broken) {
            throw new CliException(
                    Exit.FAILED, "sign-in cannot be kept in " + folder + ": " + broken.getMessage(), broken);
        }
    }

    /** Signed out; where and whom to trust stays for the next time. */
    SignIn ended() {
        return new SignIn(url, user, "", "", ca);
    }

    public static List<X509Certificate> authorities(String pem) {
        if (pem.isEmpty()) {
            return List.of();
        }
        try {
            return Pem.certificates(pem);
        } catch (CertificateException broken) {
            throw new CliException(Exit.FAILED, "CA cannot be read: " + broken.getMessage(), broken);
        }
    }
}
