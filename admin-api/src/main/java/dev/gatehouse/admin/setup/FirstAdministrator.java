package dev.gatehouse.admin.setup;

import dev.gatehouse.shared.people.Passwords;
import dev.gatehouse.shared.people.People;
import dev.gatehouse.shared.trust.PrivateFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody to sign in as when there is nobody yet.
 *
 * @param passwordFile holds the password; written with a new one, mode 600, if it is not there
 */
public record FirstAdministrator(String name, Path passwordFile) {

    private static final Logger log = LoggerFactory.getLogger(FirstAdministrator.class);

    /** Whether it was made. The file is there before the person is: a start that is cut off in between leaves a password that is used the next time. */
    public Future<Boolean> create(Vertx vertx, People people) {
        return people.list(1)
                .compose(known -> known.isEmpty() ? createFirst(vertx, people) : Future.succeededFuture(false));
    }

    private Future<Boolean> createFirst(Vertx vertx, People people) {
        return vertx.executeBlocking(this::password)
                .compose(password -> people.createFirst(name, password))
                .onSuccess(made -> {
                    if (made) {
                        log.info("Made the first administrator '{}'; the password is in {}", name, passwordFile);
                    }
                });
    }

    private String password() throws IOException {
        if (!Files.exists(passwordFile)) {
            PrivateFile.write(passwordFile, Passwords.generate() + "\n");
        }
        return Files.readString(passwordFile).strip();
    }
}
