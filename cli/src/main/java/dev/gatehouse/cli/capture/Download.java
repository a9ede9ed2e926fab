package dev.gatehouse.cli.capture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.client.ApiProblem;
import dev.gatehouse.cli.client.ApiUrl;
import dev.gatehouse.cli.output.CliException;
import dev.gatehouse.cli.output.Column;
import dev.gatehouse.cli.output.Exit;
import dev.gatehouse.cli.output.Json;
import dev.gatehouse.cli.output.Progress;
import dev.gatehouse.cli.output.Shell;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * One stream's content on its way into a file. It grows in a file beside, named after the stream, so that a later attempt goes on there; the real name appears only when all is there and fits the stream's SHA-256.
 */
final class Download {

    /** Broken connections in a row that brought nothing new. */
    private static final int MAX_BARREN = 5;

    private static final int BUFFER = 64 * 1024;
    private static final int PARTIAL = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final ApiClient client;
    private final Shell shell;
    private final String id;

    Download(ApiClient client, Shell shell, String id) {
        this.client = client;
        this.shell = shell;
        this.id = id;
    }

    static void toStandardOutput(ApiClient client, String id, Shell shell) {
        try (InputStream in = client.content(path(id) + "/content", 0).body()) {
            in.transferTo(shell.out());
            shell.out().flush();
        } catch (IOException broken) {
            throw new CliException(Exit.FAILED, "download broke off: " + broken.getMessage(), broken);
        }
    }

    void to(Optional<Path> wanted, boolean force) {
        JsonNode stream = client.get(path(id), Map.of());
        Path file = wanted.orElseGet(() -> Path.of(fileName(Json.text(stream, "name"), id)));
        if (Files.isDirectory(file)) {
            file = file.resolve(fileName(Json.text(stream, "name"), id));
        }
        if (Files.exists(file) && !force) {
            throw new CliException(Exit.FAILED, file + " is there already; --force replaces it");
        }
        Path part = file.resolveSibling("." + file.getFileName() + "." + id + ".part");
        try {
            fetch(stream, part);
            check(stream, part);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            shell.err().println(file + ": " + Column.bytes(Files.size(file)));
        } catch (IOException broken) {
            throw new CliException(Exit.FAILED, "download to " + file + " failed: " + broken.getMessage(), broken);
        }
    }

    private void fetch(JsonNode stream, Path part) throws IOException {
        long total = stream.path("bytes").asLong();
        int barren = 0;
        try (Progress progress = new Progress(shell)) {
            while (true) {
                long before = Files.exists(part) ? Files.size(part) : 0;
                try {
                    append(part, before, total, progress);
                    return;
                } catch (ApiProblem refused) {
                    if (refused.status() == RANGE_NOT_SATISFIABLE && before > 0) {
                        return; // nothing after what is here
                    }
                    throw refused;
                } catch (ConnectionBroken broken) {
                    barren = Files.exists(part) && Files.size(part) > before ? 0 : barren + 1;
                    if (barren == MAX_BARREN) {
                        throw new CliException(
                                Exit.NOT_REACHABLE,
                                "connection broke " + MAX_BARREN + " times; the same command goes on from here",
                                broken);
                    }
                }
            }
        }
    }

    private void append(Path part, long from, long total, Progress progress) throws IOException, ConnectionBroken {
        HttpResponse<InputStream> answer = client.content(path(id) + "/content", from);
        boolean continues = answer.statusCode() == PARTIAL;
        long done = continues ? from : 0;
        try (InputStream in = answer.body();
                OutputStream out = Files.newOutputStream(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        continues ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = read(in, buffer); read >= 0; read = read(in, buffer)) {
                out.write(buffer, 0, read);
                done += read;
                progress.show(Column.bytes(done) + (total > 0 ? " of " + Column.bytes(total) : ""));
            }
        }
    }

    /** Tells a broken connection, after which one goes on, from a full disk. */
    private static int read(InputStream in, byte[] buffer) throws ConnectionBroken {
        try {
            return in.read(buffer);
        } catch (IOException broken) {
            throw new ConnectionBroken(broken);
        }
    }

    private static final class ConnectionBroken extends Exception {
        private static final long serialVersionUID = 1;

        ConnectionBroken(IOException cause) {
            super(cause);
        }
    }

    private void check(JsonNode stream, Path part) throws IOException {
        long missing = stream.path("missingChunks").asLong();
        if (missing > 0) {
            shell.err()
                    .println(missing + " chunks were lost or damaged before they came here; zeros are in their place");
        }
        String expected = Json.text(stream, "sha256");
        if (expected.isEmpty()) {
            return; // still open, or not a file
        }
        String actual = sha256(part);
        if (!actual.equals(expected)) {
            Files.delete(part);
            throw new CliException(
                    Exit.FAILED,
                    "content has the SHA-256 " + actual + ", the agent sent " + expected + "; nothing was kept");
        }
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /** The last part of the stream's name, which is another machine's and must not lead elsewhere. */
    static String fileName(String name, String id) {
        String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
                .replaceAll("\\p{Cntrl}", "_");
        return last.isBlank() || last.startsWith(".") ? id : last;
    }

    private static String path(String id) {
        return "streams/" + ApiUrl.encode(id);
    }
}
