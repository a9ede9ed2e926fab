package dev.gatehouse.shared.people;

import static dev.gatehouse.shared.trust.TestDatabase.failure;
import static dev.gatehouse.shared.trust.TestDatabase.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.protocol.label.Selector;
import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.people.PeopleException.Reason;
import dev.gatehouse.shared.record.UserRecords;
import dev.gatehouse.shared.trust.TestDatabase;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RolesIT {

    private static final String PASSWORD = "correct horse battery";
    private static final List<Selector> ALL = List.of(Selector.EVERYTHING);

    private static TestDatabase database;
    private static Passwords passwords;
    private static People people;
    private static Roles roles;
    private static UserRecords records;

    @BeforeAll
    static void start() {
        database = new TestDatabase();
        passwords = new Passwords(database.vertx);
        people = new People(database.pool, passwords, new Audit("test"));
        roles = new Roles(database.pool, new Audit("test"));
        records = new UserRecords(database.pool);
    }

    @AfterAll
    static void stop() {
        get(passwords.close());
        database.close();
    }

    @BeforeEach
    void onlyTheBoss() {
        database.query("delete from person");
        database.query("delete from role where not built_in");
        get(people.createFirst("boss", PASSWORD));
    }

    @Test
    void aRoleIsMadeReplacedGivenAndRemoved() {
        long version = version();
        get(roles.create("ops", ALL, List.of(), "boss", ""));
        assertThat(reason(roles.create("ops", ALL, List.of(), "boss", ""))).isEqualTo(Reason.NAME_TAKEN);
        assertThat(reason(roles.create("o ps", ALL, List.of(), "boss", ""))).isEqualTo(Reason.BAD_REQUEST);
        get(roles.set("ops", List.of(), ALL, "boss", ""));
        assertThat(get(records.role("ops"))).hasValue(new AccessRole("ops", List.of(), ALL, false));
        assertThat(reason(roles.set("none", ALL, ALL, "boss", ""))).isEqualTo(Reason.UNKNOWN_ROLE);
        get(people.create("ann", PASSWORD, Set.of("ops"), "boss", ""));
        assertThat(failure(roles.remove("ops", "boss", ""))).hasMessageContaining("had by 1 users, such as 'ann'");
        get(people.setRoles("ann", Set.of("auditor"), "boss", ""));
        get(roles.remove("ops", "boss", ""));
        assertThat(get(records.role("ops"))).isEmpty();
        assertThat(version()).as("each change is counted").isEqualTo(version + 5);
        assertThat(database.query("select action from audit where target = 'ops' order by id").stream()
                        .map(row -> row.getString(0)))
                .containsExactly("role.create", "role.set", "role.remove");
    }

    @Test
    void whatIsBuiltInStays() {
        assertThat(get(records.roles(Optional.empty(), 10)).items())
                .extracting(AccessRole::name)
                .containsExactly("administrator", "auditor");
        for (String name : List.of("administrator", "auditor")) {
            assertThat(reason(roles.set(name, ALL, ALL, "boss", ""))).isEqualTo(Reason.ROLE_IN_USE);
            assertThat(reason(roles.remove(name, "boss", ""))).isEqualTo(Reason.ROLE_IN_USE);
        }
    }

    @Test
    void aPersonHasOnlyRolesThatAreThere() {
        assertThat(failure(people.create("ann", PASSWORD, Set.of("ops", "auditor"), "boss", "")))
                .hasMessage("roles that are not there: ops");
        assertThat(reason(people.setRoles("boss", Set.of("administrator", "ops"), "boss", "")))
                .isEqualTo(Reason.BAD_REQUEST);
    }

    @Test
    void theLastAdministratorStaysOne() {
        for (Future<Void> last : List.of(
                people.setRoles("boss", Set.of("auditor"), "boss", ""),
                people.disable("boss", "boss", ""),
                people.remove("boss", "boss", ""))) {
            assertThat(reason(last)).isEqualTo(Reason.LAST_ADMINISTRATOR);
        }
        assertThat(get(records.get("boss")).orElseThrow().disabled()).isFalse();
        get(people.create("second", PASSWORD, Set.of("administrator"), "boss", ""));
        // WHEN each is removed at the same time, in either order
        List<String> both = new ArrayList<>(List.of("boss", "second"));
        Collections.shuffle(both);
        List<Future<Void>> removed =
                both.stream().map(name -> people.remove(name, "boss", "")).toList();
        removed.forEach(each ->
                each.otherwiseEmpty().toCompletionStage().toCompletableFuture().join());
        // THEN one is left
        assertThat(removed.stream().filter(Future::succeeded)).hasSize(1);
        assertThat(database.count("select count(*) from person")).isOne();
    }

    @Test
    void peopleAreListedByNameAndFiltered() {
        get(roles.create("ops", ALL, List.of(), "boss", ""));
        get(people.create("Ann", PASSWORD, Set.of("ops"), "boss", ""));
        get(people.create("joanna", PASSWORD, Set.of(), "boss", ""));
        get(people.disable("joanna", "boss", ""));
        assertThat(names(new UserRecords.Filter(Optional.of("ann"), Optional.empty(), Optional.empty())))
                .containsExactly("Ann", "joanna");
        assertThat(names(new UserRecords.Filter(Optional.empty(), Optional.of(true), Optional.empty())))
                .containsExactly("joanna");
        assertThat(names(new UserRecords.Filter(Optional.empty(), Optional.empty(), Optional.of("ops"))))
                .containsExactly("Ann");
    }

    private static List<String> names(UserRecords.Filter filter) {
        return get(records.list(filter, Optional.empty(), 10)).items().stream()
                .map(Person::name)
                .toList();
    }

    private static long version() {
        return database.count("select version from topic where name = 'people'");
    }

    private static Reason reason(Future<?> refused) {
        return ((PeopleException) failure(refused)).reason();
    }
}
