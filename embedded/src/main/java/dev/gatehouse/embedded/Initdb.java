package dev.gatehouse.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes the data folder of a PostgreSQL: UTF-8, sorted by code point whatever the host's locale, passwords for everyone.
 *
 * @param programs the folder of PostgreSQL's programs
 * @param logFile takes what initdb says
 */
record Initdb(Path programs, RunAs runAs, Path logFile) {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** Makes it beside and renames it: a JVM killed meanwhile leaves nothing half made. */
    void run(Path folder, Path data, String superuser, String password) throws IOException {
        Path fresh = folder.resolve("data.new");
        Path passwordFile = folder.resolve("initdb.password");
        Binaries.delete(fresh);
        Files.createDirectory(fresh);
        EmbeddedServer.writeSecret(passwordFile, password);
        try {
            runAs.own(fresh);
            runAs.own(passwordFile);
            await(command(fresh, superuser, passwordFile));
        } finally {
            Files.deleteIfExists(passwordFile);
        }
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private List<String> command(Path fresh, String superuser, Path passwordFile) {
        List<String> command = new ArrayList<>(runAs.prefix());
        command.addAll(List.of(
                programs.resolve("initdb").toString(),
                "--pgdata=" + fresh,
                "--username=" + superuser,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8"));
        return command;
    }

    private void await(List<String> command) throws IOException {
        Process initdb = new ProcessBuilder(command)
                .directory(logFile.getParent().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
                .start();
        try {
            if (!initdb.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new EmbeddedException("initdb is not done after " + LIMIT.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedException("interrupted while initdb runs", e);
        } finally {
            initdb.destroyForcibly();
        }
        if (initdb.exitValue() != 0) {
            throw new EmbeddedException("initdb ended with " + initdb.exitValue() + ". The log ends with:\n"
                    + EmbeddedServer.tail(logFile));
        }
    }
}
