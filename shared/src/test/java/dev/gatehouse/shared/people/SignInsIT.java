package dev.gatehouse.shared.people;

import static dev.gatehouse.shared.trust.TestDatabase.failure;
import static dev.gatehouse.shared.trust.TestDatabase.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.trust.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SignInsIT {

    private static final String PASSWORD = "correct horse battery";
    private static final Duration LIFETIME = Duration.ofHours(12);

    private static TestDatabase database;
    private static Passwords passwords;
    private static People people;
    private static Person ann;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE); // may wrap
    private final SignIns signIns = new SignIns(database.pool, LIFETIME, false, nanos::get);

    @BeforeAll
    static void start() {
        database = new TestDatabase();
        passwords = new Passwords(database.vertx);
        people = new People(database.pool, passwords, new Audit("test"));
        get(people.createFirst("admin", PASSWORD));
        ann = get(people.create("ann", PASSWORD, Set.of("auditor"), "admin", ""));
    }

    @AfterAll
    static void stop() {
        get(passwords.close());
        database.close();
    }

    @BeforeEach
    void enabled() {
        get(people.enable("ann", "admin", ""));
    }

    @Test
    void aTokenStandsForThePersonUntilTheLogout() {
        SignIns.Created created = get(signIns.create(ann, "192.0.2.5"));
        assertThat(created.expiresAt())
                .isBetween(
                        Instant.now().plus(LIFETIME).minusSeconds(60),
                        Instant.now().plus(LIFETIME).plusSeconds(60));
        assertThat(get(signIns.check(created.token()))).hasValueSatisfying(signIn -> {
            assertThat(signIn.name()).isEqualTo("ann");
            assertThat(signIn.roles()).containsExactly("auditor");
        });
        get(signIns.end(created.token()));
        assertThat(get(signIns.check(created.token()))).isEmpty();
    }

    @Test
    void unknownTokensStandForNobody() {
        String token = get(signIns.create(ann, "")).token();
        assertThat(get(signIns.check(""))).isEmpty();
        assertThat(get(signIns.check("x".repeat(43)))).isEmpty();
        assertThat(get(signIns.check("x".repeat(100_000)))).isEmpty();
        assertThat(get(signIns.check(token.toLowerCase(java.util.Locale.ROOT)))).isEmpty();
    }

    @Test
    void anExpiredSignInIsNoneAndClearedAway() {
        SignIns shortly = new SignIns(database.pool, Duration.ofMillis(-1), false, nanos::get);
        String token = get(shortly.create(ann, "")).token();
        assertThat(get(shortly.check(token))).isEmpty();
        get(signIns.create(ann, ""));
        assertThat(database.count("select count(*) from sign_in where expires_at < now()"))
                .isZero();
    }

    @Test
    void anotherProcesssLogoutIsNoticedWithinTheTimeOfTheCache() {
        String token = get(signIns.create(ann, "")).token();
        assertThat(get(signIns.check(token))).isPresent();
        get(new SignIns(database.pool, LIFETIME).end(token));
        assertThat(get(signIns.check(token))).as("still cached").isPresent();
        nanos.addAndGet(SignIns.CACHED.toNanos());
        assertThat(get(signIns.check(token))).isEmpty();
    }

    @Test
    void aLockAndANewPasswordEndSignIns() {
        String first = get(signIns.create(ann, "")).token();
        get(people.disable("ann", "admin", ""));
        assertThat(get(signIns.check(first))).isEmpty();
        get(people.enable("ann", "admin", ""));
        assertThat(get(signIns.check(first))).as("it does not come back").isEmpty();
        String second = get(signIns.create(ann, "")).token();
        get(people.setPassword("ann", PASSWORD, "admin", ""));
        assertThat(get(signIns.check(second))).isEmpty();
    }

    @Test
    void withoutTheDatabaseOnlyTheCacheIsBelieved() {
        String token = get(signIns.create(ann, "")).token();
        SignIns remembering = new SignIns(database.pool, LIFETIME, true, nanos::get);
        assertThat(get(signIns.check(token))).isPresent();
        assertThat(get(remembering.check(token))).isPresent();
        database.away();
        try {
            assertThat(get(signIns.check(token))).isPresent();
            nanos.addAndGet(SignIns.CACHED.toNanos());
            assertThat(failure(signIns.check(token))).as("not: signed out").isNotNull();
            nanos.addAndGet(Duration.ofHours(1).toNanos());
            assertThat(get(remembering.check(token))).as("goes on").isPresent();
            assertThat(failure(remembering.check("x".repeat(43)))).isNotNull();
            remembering.forget();
            assertThat(failure(remembering.check(token))).isNotNull();
        } finally {
            database.back();
        }
    }

    @Test
    void whoForgetsNoticesAtOnce() {
        String token = get(signIns.create(ann, "")).token();
        assertThat(get(signIns.check(token))).isPresent();
        get(people.disable("ann", "admin", ""));
        assertThat(get(signIns.check(token))).as("still cached").isPresent();
        signIns.forget();
        assertThat(get(signIns.check(token))).isEmpty();
    }

    @Test
    void theDatabaseHasNoToken() {
        String token = get(signIns.create(ann, "")).token();
        assertThat(database.query("select * from sign_in").toString()).doesNotContain(token);
    }
}
