package dev.gatehouse.shared.people;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import dev.gatehouse.shared.people.PeopleException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/** Argon2id on worker threads of its own, so that neither event loops nor other work wait for it. Thread-safe. */
public final class Passwords {

    public static final int MIN_LENGTH = 8;
    public static final int MAX_LENGTH = 1024;

    /** OWASP's second choice: 19 MiB, two passes, one lane. */
    static final int MEMORY_KIB = 19 * 1024;

    static final int PASSES = 2;
    static final int LANES = 1;

    private static final int HASH_BYTES = 32;
    private static final int SALT_BYTES = 16;
    private static final int THREADS = 2;

    /** Under way or waiting at once in this process; more are refused. At about 50 ms each, the last waits a second or two. */
    static final int MAX_WAITING = 64;

    /** Without letters and digits that look alike. */
    private static final String ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";

    private static final int GENERATED_LENGTH = 20; // 116 bits
    private static final SecureRandom random = new SecureRandom();
    private static final Argon2Function function =
            Argon2Function.getInstance(MEMORY_KIB, PASSES, LANES, HASH_BYTES, Argon2.ID);

    private final WorkerExecutor workers;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Future<String> nobodys;

    public Passwords(Vertx vertx) {
        workers = vertx.createSharedWorkerExecutor("gatehouse-passwords", THREADS);
        nobodys = hash(generate());
    }

    /** A password for somebody who will read it from a file once. */
    public static String generate() {
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < GENERATED_LENGTH; i++) {
            password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return password.toString();
    }

    /** Hash, salt and parameters in one text (PHC string format). */
    Future<String> hash(String password) {
        if (password.length() < MIN_LENGTH || password.length() > MAX_LENGTH) {
            return Future.failedFuture(new PeopleException(
                    Reason.BAD_REQUEST,
                    "password of " + password.length() + " characters; " + MIN_LENGTH + " to " + MAX_LENGTH
                            + " are allowed"));
        }
        return work(() -> {
            byte[] salt = new byte[SALT_BYTES];
            random.nextBytes(salt);
            return function.hash(password.getBytes(StandardCharsets.UTF_8), salt)
                    .getResult();
        });
    }

    /** Whether the password is the one. Without a hash it costs the same and is false: how long it takes tells nobody who exists. */
    Future<Boolean> check(String password, String hash) {
        if (password.length() > MAX_LENGTH) {
            return Future.succeededFuture(false);
        }
        if (hash == null) {
            return nobodys.compose(other -> check(password, other)).map(false);
        }
        return work(() -> Argon2Function.getInstanceFromHash(hash).check(password, hash));
    }

    public Future<Void> close() {
        return workers.close();
    }

    private <T> Future<T> work(Callable<T> work) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            return Future.failedFuture(
                    new PeopleException(Reason.BUSY, "too many sign-ins at once; try again", Duration.ofSeconds(2)));
        }
        return workers.executeBlocking(work, false).onComplete(done -> waiting.decrementAndGet());
    }
}
