package dev.gatehouse.shared.people;

import static dev.gatehouse.shared.trust.TestDatabase.failure;
import static dev.gatehouse.shared.trust.TestDatabase.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.people.PeopleException.Reason;
import dev.gatehouse.shared.trust.TestDatabase;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeopleIT {

    private static final String PASSWORD = "correct horse battery";
    private static final String REMOTE = "192.0.2.5";
    private static final Set<String> AUDITOR = Set.of("auditor");

    private static TestDatabase database;
    private static Passwords passwords;
    private static People people;
    private static Login login;

    @BeforeAll
    static void start() {
        database = new TestDatabase();
        passwords = new Passwords(database.vertx);
        Audit audit = new Audit("test");
        people = new People(database.pool, passwords, audit);
        login = new Login(database.pool, passwords, audit);
    }

    @AfterAll
    static void stop() {
        get(passwords.close());
        database.close();
    }

    @BeforeEach
    void nobody() {
        database.query("delete from person");
        database.query("delete from audit");
    }

    @Test
    void theFirstAdministratorIsMadeOnce() {
        List<Future<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(people.createFirst("admin", PASSWORD));
        }
        get(Future.all(all));
        assertThat(all.stream().map(Future::result)).containsOnlyOnce(true);
        assertThat(get(people.createFirst("another", PASSWORD))).isFalse();
        assertThat(get(people.list(10))).singleElement().satisfies(person -> {
            assertThat(person.name()).isEqualTo("admin");
            assertThat(person.roles()).containsExactly("administrator");
        });
        assertThat(get(login.check("admin", PASSWORD, REMOTE)).name()).isEqualTo("admin");
    }

    @Test
    void namesArePlainAndTakenOnce() {
        get(people.create("ann", PASSWORD, AUDITOR, "admin", REMOTE));
        assertThat(reason(people.create("ann", PASSWORD, AUDITOR, "admin", REMOTE)))
                .isEqualTo(Reason.NAME_TAKEN);
        for (String name : List.of("", "a b", "-a", "x".repeat(64), "a\0")) {
            assertThat(reason(people.create(name, PASSWORD, AUDITOR, "admin", REMOTE)))
                    .isEqualTo(Reason.BAD_REQUEST);
        }
        for (String password : List.of("", "1234567", "x".repeat(1025))) {
            assertThat(reason(people.create("bob", password, AUDITOR, "admin", REMOTE)))
                    .isEqualTo(Reason.BAD_REQUEST);
        }
    }

    @Test
    void aWrongPasswordAndAnUnknownNameAreRefusedAlike() {
        get(people.create("ann", PASSWORD, AUDITOR, "admin", REMOTE));
        Throwable wrong = failure(login.check("ann", PASSWORD + " ", REMOTE));
        Throwable unknown = failure(login.check("nobody", PASSWORD, REMOTE));
        assertThat(wrong).hasMessage(unknown.getMessage()).hasMessage("user name or password is wrong");
        for (String[] odd :
                new String[][] {{"", ""}, {"a\0", "x"}, {"x".repeat(500), "x"}, {"ann", "x".repeat(5000)}}) {
            assertThat(reason(login.check(odd[0], odd[1], REMOTE))).isEqualTo(Reason.WRONG_PASSWORD);
        }
    }

    @Test
    void eachLoginIsInTheAudit() {
        get(people.create("ann", PASSWORD, AUDITOR, "admin", REMOTE));
        get(login.check("ann", PASSWORD, REMOTE));
        failure(login.check("ann", "wrong password", REMOTE));
        failure(login.check("nobody", "wrong password", REMOTE));
        assertThat(
                        database
                                .query("select actor, outcome, remote from audit where action = 'login' order by id")
                                .stream()
                                .map(row -> row.getString(0) + " " + row.getString(1) + " " + row.getString(2)))
                .containsExactly("ann done 192.0.2.5", "ann refused 192.0.2.5", "nobody refused 192.0.2.5");
    }

    @Test
    void manyWrongPasswordsBlockForLongerAndLonger() {
        get(people.create("ann", PASSWORD, AUDITOR, "admin", REMOTE));
        for (int i = 0; i < Login.FREE_ATTEMPTS; i++) {
            assertThat(reason(login.check("ann", "wrong password", REMOTE))).isEqualTo(Reason.WRONG_PASSWORD);
            assertThat(blocks()).isZero();
        }
        assertThat(reason(login.check("ann", "wrong password", REMOTE))).isEqualTo(Reason.WRONG_PASSWORD);
        assertThat(blocks()).isOne();
        // WHEN it goes on (the sixth doubling is a minute, in which this test is done)
        database.query("update person set failed_attempts = 10, blocked_until = null");
        failure(login.check("ann", "wrong password", REMOTE));
        // THEN not even the right one is taken
        PeopleException blocked = (PeopleException) failure(login.check("ann", PASSWORD, REMOTE));
        assertThat(blocked.reason()).isEqualTo(Reason.BLOCKED);
        assertThat(blocked.retryAfter()).isBetween(Duration.ofSeconds(32), Duration.ofSeconds(64));
        // AND no block is longer than a quarter of an hour
        database.query("update person set failed_attempts = 1000, blocked_until = null");
        failure(login.check("ann", "wrong password", REMOTE));
        assertThat(blockedSeconds()).isBetween(840.0, 900.0);
        // AND the right password, once it is asked for, begins anew
        database.query("update person set blocked_until = now()");
        get(login.check("ann", PASSWORD, REMOTE));
        assertThat(database.query("select failed_attempts from person")
                        .getFirst()
                        .getInteger(0))
                .isZero();
    }

    @Test
    void guessingInParallelGainsNothing() {
        get(people.create("ann", PASSWORD, AUDITOR, "admin", REMOTE));
        // GIVEN a guess, the right one, that waits for its turn behind others
        List<Future<Boolean>> before = new ArrayList<>();
        for (int i = 0; i < Passwords.MAX_WAITING - 1; i++) {
            before.add(passwords.check(PASSWORD, null));
        }
        Future<Person> right = login.check("ann", PASSWORD, REMOTE);
        // WHEN others, wrong ones, lead to a block meanwhile
        database.query("update person set failed_attempts = 5, blocked_until = now() + interval '1 h'");
        // THEN it is of no use
        assertThat(reason(right)).isEqualTo(Reason.BLOCKED);
        get(Future.all(before));
    }

    @Test
    void whoIsDisabledLearnsSoOnlyWithTheRightPassword() {
        get(people.create("boss", PASSWORD, Set.of("administrator"), "admin", REMOTE));
        get(people.create("ann", PASSWORD, AUDITOR, "admin", REMOTE));
        get(people.disable("ann", "boss", REMOTE));
        assertThat(reason(login.check("ann", PASSWORD, REMOTE))).isEqualTo(Reason.DISABLED);
        assertThat(reason(login.check("ann", "wrong password", REMOTE))).isEqualTo(Reason.WRONG_PASSWORD);
        get(people.enable("ann", "boss", REMOTE));
        assertThat(get(login.check("ann", PASSWORD, REMOTE)).disabled()).isFalse();
        assertThat(reason(people.disable("boss", "boss", REMOTE))).isEqualTo(Reason.LAST_ADMINISTRATOR);
        assertThat(get(login.check("boss", PASSWORD, REMOTE)).name())
                .as("not disabled")
                .isEqualTo("boss");
        assertThat(reason(people.disable("nobody", "boss", REMOTE))).isEqualTo(Reason.UNKNOWN_PERSON);
    }

    @Test
    void aNewPasswordReplacesTheOldAndItsBlock() {
        get(people.create("ann", PASSWORD, AUDITOR, "admin", REMOTE));
        database.query("update person set failed_attempts = 9, blocked_until = now() + interval '1 h'");
        get(people.setPassword("ann", "another password", "admin", REMOTE));
        assertThat(reason(login.check("ann", PASSWORD, REMOTE))).isEqualTo(Reason.WRONG_PASSWORD);
        assertThat(get(login.check("ann", "another password", REMOTE)).name()).isEqualTo("ann");
        assertThat(reason(people.setPassword("nobody", PASSWORD, "admin", REMOTE)))
                .isEqualTo(Reason.UNKNOWN_PERSON);
    }

    @Test
    void whatIsStoredIsArgon2idAndNoPassword() {
        get(people.create("ann", PASSWORD, AUDITOR, "admin", REMOTE));
        get(people.create("bob", PASSWORD, AUDITOR, "admin", REMOTE));
        List<Row> rows = database.query("select password_hash from person");
        assertThat(rows)
                .extracting(row -> row.getString(0))
                .doesNotHaveDuplicates()
                .allSatisfy(hash -> {
                    assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
                    assertThat(hash).doesNotContain(PASSWORD);
                });
    }

    @Test
    void moreThanTheWorkersCanTakeAreRefused() {
        get(people.create("ann", PASSWORD, AUDITOR, "admin", REMOTE));
        List<Future<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < Passwords.MAX_WAITING; i++) {
            all.add(passwords.check(PASSWORD, null));
        }
        assertThat(reason(passwords.check(PASSWORD, null))).isEqualTo(Reason.BUSY);
        get(Future.all(all));
        assertThat(get(login.check("ann", PASSWORD, REMOTE)).name()).isEqualTo("ann");
    }

    private static long blocks() {
        return database.count("select count(*) from person where blocked_until is not null");
    }

    private static double blockedSeconds() {
        return database.query("select extract(epoch from blocked_until - clock_timestamp())::float8 from person")
                .getFirst()
                .getDouble(0);
    }

    private static Reason reason(Future<?> refused) {
        return ((PeopleException) failure(refused)).reason();
    }
}
