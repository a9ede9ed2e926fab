package dev.gatehouse.shared.people;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * The tokens that stand for a login: 256 random bits, stored as a hash, with an end. Thread-safe.
 *
 * <p>What the database said of a token is believed for {@link #CACHED}: for so long a logout may go unnoticed by another process, and a database that is away too. Who follows {@link dev.gatehouse.shared.trust.Topic#PEOPLE} calls {@link #forget}.
 */
public final class SignIns {

    static final Duration CACHED = Duration.ofSeconds(5);

    private static final int MAX_CACHED = 10_000;
    private static final int TOKEN_BYTES = 32;
    private static final int TOKEN_LENGTH = 43; // base64 of it
    private static final SecureRandom random = new SecureRandom();

    /** @param token for {@code Authorization: Bearer} and the cookie; never to be had again */
    public record Created(String token, Instant expiresAt) {}

    /** Who a request is by. */
    public record SignIn(UUID personId, String name, Set<String> roles, Instant expiresAt) {}

    private record Cached(SignIn signIn, long atNanos) {}

    private long forgotten; // how often; guarded by the cache

    private final Pool postgres;
    private final Duration lifetime;
    private final LongSupplier nanos;
    private final boolean remembers;
    private final Map<Buffer, Cached> cache = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Buffer, Cached> eldest) {
            return size() > MAX_CACHED;
        }
    };

    public SignIns(Pool postgres, Duration lifetime) {
        this(postgres, lifetime, false, System::nanoTime);
    }

    /** Those of a process that goes on while the database is away: what it said last of a token is believed until the sign-in ends, or people have changed. */
    public static SignIns remembering(Pool postgres, Duration lifetime) {
        return new SignIns(postgres, lifetime, true, System::nanoTime);
    }

    SignIns(Pool postgres, Duration lifetime, boolean remembers, LongSupplier nanos) {
        this.remembers = remembers;
        this.postgres = postgres;
        this.lifetime = lifetime;
        this.nanos = nanos;
    }

    /** For a person whose password {@link Login} has checked. Also clears away what has ended. */
    public Future<Created> create(Person person, String remote) {
        byte[] secret = new byte[TOKEN_BYTES];
        random.nextBytes(secret);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        return postgres.preparedQuery(
                        "with ended as (delete from sign_in where expires_at < clock_timestamp())"
                                + " insert into sign_in (token_hash, person_id, expires_at, remote)"
                                + " values ($1, $2, clock_timestamp() + $3 * interval '1 millisecond', $4) returning expires_at")
                .execute(Tuple.of(hash(token), person.id(), (double) lifetime.toMillis(), remote))
                .map(rows -> new Created(
                        token, rows.iterator().next().getOffsetDateTime(0).toInstant()));
    }

    /** Who the token stands for; empty if it is unknown, has ended, or the person is disabled. */
    public Future<Optional<SignIn>> check(String token) {
        if (token.length() != TOKEN_LENGTH) {
            return Future.succeededFuture(Optional.empty());
        }
        Buffer hash = hash(token);
        long now = nanos.getAsLong();
        long before;
        synchronized (cache) {
            before = forgotten;
            Cached cached = cache.get(hash);
            if (cached != null
                    && now - cached.atNanos < CACHED.toNanos()
                    && cached.signIn.expiresAt().isAfter(Instant.now())) {
                return Future.succeededFuture(Optional.of(cached.signIn));
            }
        }
        return postgres.preparedQuery("select person.id, name, roles, expires_at from sign_in join person"
                        + " on person.id = person_id where token_hash = $1 and expires_at > clock_timestamp()"
                        + " and state = 'active'")
                .execute(Tuple.of(hash))
                .<Optional<SignIn>>map(rows -> {
                    if (rows.size() == 0) {
                        synchronized (cache) {
                            cache.remove(hash);
                        }
                        return Optional.empty();
                    }
                    SignIn signIn = signIn(rows.iterator().next());
                    synchronized (cache) {
                        if (before == forgotten) { // else what was read may be older than the change
                            cache.put(hash, new Cached(signIn, now));
                        }
                    }
                    return Optional.of(signIn);
                })
                .recover(away ->
                        remembered(hash).map(Future::succeededFuture).orElseGet(() -> Future.failedFuture(away)));
    }

    private Optional<Optional<SignIn>> remembered(Buffer hash) {
        synchronized (cache) {
            Cached cached = cache.get(hash);
            return remembers && cached != null && cached.signIn.expiresAt().isAfter(Instant.now())
                    ? Optional.of(Optional.of(cached.signIn))
                    : Optional.empty();
        }
    }

    /** People have changed: what the database said before is believed no more. */
    public void forget() {
        synchronized (cache) {
            forgotten++;
            cache.clear();
        }
    }

    /** A logout; harmless if the token is not known. */
    public Future<Void> end(String token) {
        Buffer hash = hash(token);
        return postgres.preparedQuery("delete from sign_in where token_hash = $1")
                .execute(Tuple.of(hash))
                .onSuccess(gone -> {
                    synchronized (cache) {
                        cache.remove(hash);
                    }
                })
                .mapEmpty();
    }

    private static SignIn signIn(Row row) {
        return new SignIn(
                row.getUUID(0),
                row.getString(1),
                Person.roles(row.getArrayOfStrings(2)),
                row.getOffsetDateTime(3).toInstant());
    }

    private static Buffer hash(String token) {
        try {
            return Buffer.buffer(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
