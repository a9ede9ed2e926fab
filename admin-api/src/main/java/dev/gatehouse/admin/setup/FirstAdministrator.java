package dev.gatehouse.admin.setup;

import dev.gatehouse.shared.people.Passwords;
import dev.gatehouse.shared.people.People;
import dev.gatehouse.shared.trust.PrivateFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody to sign in as when there is nobody yet.
 *
 * @param passwordFile holds the password; written with a new one, mode 600, if it is not there
 */
public record FirstAdministrator(String name, Path passwordFile) {

    private static final Logger log = LoggerFactory.getLogger(FirstAdministrator.class);

    private static final int TRIES = 3;

    /** Until the pool has taken note of a connection that is gone. */
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** Whether it was made. The file is there before the person is: a start that is cut off in between leaves a password that is used the next time. */
    public Future<Boolean> create(Vertx vertx, People people) {
        return people.list(1)
                .compose(known -> known.isEmpty() ? createFirst(vertx, people) : Future.succeededFuture(false));
    }

    private Future<Boolean> createFirst(Vertx vertx, People people) {
        return vertx.executeBlocking(this::password)
                .compose(password -> createFirst(vertx, people, password, TRIES))
                .onSuccess(made -> {
                    if (made) {
                        log.info("Made the first administrator '{}'; the password is in {}", name, passwordFile);
                    }
                });
    }

    /** Again when the connection was lost: the database ends a transaction whose process is given no time between two statements, as on a small host where all starts at once. */
    private Future<Boolean> createFirst(Vertx vertx, People people, String password, int tries) {
        return people.createFirst(name, password)
                .recover(cause -> (cause instanceof VertxException || cause instanceof IOException) && tries > 1
                        ? vertx.timer(PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                                .compose(due -> createFirst(vertx, people, password, tries - 1))
                        : Future.failedFuture(cause));
    }

    private String password() throws IOException {
        if (!Files.exists(passwordFile)) {
            PrivateFile.write(passwordFile, Passwords.generate() + "\n");
        }
        return Files.readString(passwordFile).strip();
    }
}
