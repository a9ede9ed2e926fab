package dev.gatehouse.shared.people;

import static dev.gatehouse.shared.trust.TestDatabase.failure;
import static dev.gatehouse.shared.trust.TestDatabase.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.protocol.label.Selector;
import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.people.PeopleException.Reason;
import dev.gatehouse.shared.record.LockRecords;
import dev.gatehouse.shared.trust.TestDatabase;
import dev.gatehouse.shared.trust.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AccessViewIT {

    private static final String PASSWORD = "correct horse battery";

    private static TestDatabase database;
    private static Passwords passwords;
    private static People people;
    private static Roles roles;
    private static Locks locks;
    private static Topics topics;
    private static AccessView view;
    private static final List<Set<String>> changes = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        database = new TestDatabase();
        passwords = new Passwords(database.vertx);
        people = new People(database.pool, passwords, new Audit("test"));
        roles = new Roles(database.pool, new Audit("test"));
        locks = new Locks(database.pool, new Audit("test"));
        topics = new Topics(database.vertx, database.pool);
        view = AccessView.follow(topics, database.pool);
        view.onChange(changes::add);
        assertThat(view.known()).isFalse();
        get(topics.start());
        assertThat(view.known()).isTrue();
    }

    @AfterAll
    static void stop() {
        get(topics.stop());
        get(passwords.close());
        database.close();
    }

    @Test
    void everyChangeIsSeenWithoutAsking() {
        get(roles.create("ops", List.of(Selector.EVERYTHING), List.of(), "boss", ""));
        get(people.create("ann", PASSWORD, Set.of("ops"), "boss", ""));
        patiently().until(() -> may("ann").equals(new Decision(true, "role ops allows it")));
        get(roles.set("ops", List.of(), List.of(), "boss", ""));
        patiently().until(() -> !may("ann").allowed());
        get(people.create("boss", PASSWORD, Set.of("administrator"), "boss", ""));
        get(people.setRoles("ann", Set.of("administrator"), "boss", ""));
        patiently().until(() -> may("ann").allowed());
        assertThat(changes).anySatisfy(changed -> assertThat(changed).containsExactly("ann"));
        AccessLock lock = get(locks.lockUser("ann", "audit", Optional.empty(), "boss", ""));
        patiently().until(() -> may("ann").reason().equals("user ann is locked: audit"));
        get(locks.remove(lock.id(), "boss", ""));
        patiently().until(() -> may("ann").allowed());
        get(people.setPassword("ann", PASSWORD, "boss", ""));
        patiently()
                .until(() -> changes.stream()
                                .filter(changed -> changed.contains("ann"))
                                .count()
                        == 2);
        get(people.disable("ann", "boss", ""));
        patiently().until(() -> may("ann").reason().equals("user ann is disabled"));
    }

    @Test
    void aSessionIsLockedForATime() {
        UUID session = UUID.randomUUID();
        get(locks.lockSession(session, "cut", Optional.of(Duration.ofSeconds(5)), "boss", ""));
        patiently().until(() -> barred(session).isPresent());
        assertThat(new LockRecords(database.pool).list(Optional.empty(), 10).map(page -> page.items()))
                .satisfies(found -> assertThat(get(found)).anySatisfy(lock -> {
                    assertThat(lock.session()).hasValue(session);
                    assertThat(lock.expiresAt()).isPresent();
                }));
        patiently().until(() -> barred(session).isEmpty());
    }

    @Test
    void whatIsNotThereCannotBeLockedOrUnlocked() {
        assertThat(((PeopleException) failure(locks.lockUser("nobody", "x", Optional.empty(), "boss", ""))).reason())
                .isEqualTo(Reason.UNKNOWN_PERSON);
        assertThat(((PeopleException) failure(locks.remove(UUID.randomUUID(), "boss", ""))).reason())
                .isEqualTo(Reason.UNKNOWN_LOCK);
    }

    private static Decision may(String user) {
        return view.rights().may(user, Set.of(), Map.of("any", "label"), System.nanoTime());
    }

    private static Optional<String> barred(UUID session) {
        return view.rights().barred("x", Optional.of(session), System.nanoTime());
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30));
    }
}
