package dev.gatehouse.admin.user;

import dev.gatehouse.admin.http.Answer;
import dev.gatehouse.admin.http.ApiError;
import dev.gatehouse.admin.http.ApiException;
import dev.gatehouse.admin.http.Call;
import dev.gatehouse.admin.http.Items;
import dev.gatehouse.admin.http.Json;
import dev.gatehouse.admin.http.Operations;
import dev.gatehouse.shared.people.People;
import dev.gatehouse.shared.people.Person;
import dev.gatehouse.shared.record.UserRecords;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Makes, lists, changes and removes users. Thread-safe. */
public final class UserOperations {

    private final Runnable changed;
    private final UserRecords records;
    private final People people;

    /** @param changed called after each change: others shall notice soon */
    public UserOperations(Runnable changed, UserRecords records, People people) {
        this.changed = changed;
        this.records = records;
        this.people = people;
    }

    public void bind(Operations operations) {
        operations
                .on("listUsers", this::list)
                .on("createUser", this::create)
                .on("getUser", call -> get(name(call)))
                .on("changeUser", this::change)
                .on("setPassword", this::setPassword)
                .on("removeUser", this::remove);
    }

    private Future<Answer> list(Call call) {
        UserRecords.Filter filter = new UserRecords.Filter(
                call.text("name"), call.text("state").map(state -> state.equals("disabled")), call.text("role"));
        return records.list(filter, call.cursor().map(key -> key.getString("name")), call.limit())
                .map(page ->
                        Items.of(call, page, UserOperations::json, person -> JsonObject.of("name", person.name())));
    }

    private Future<Answer> create(Call call) {
        JsonObject body = call.body();
        return people.create(
                        body.getString("name"),
                        body.getString("password"),
                        roles(body.getJsonArray("roles", new JsonArray())),
                        call.actor(),
                        call.remote())
                .onSuccess(made -> changed.run())
                .map(made -> Answer.json(201, json(made)));
    }

    private Future<Answer> get(String name) {
        return records.get(name).map(found -> Answer.json(json(found.orElseThrow(() -> unknown(name)))));
    }

    /** Roles and state are two changes, each whole: what was wanted of the second may be refused after the first. */
    private Future<Answer> change(Call call) {
        String name = name(call);
        Optional<JsonArray> roles = Optional.ofNullable(call.body().getJsonArray("roles"));
        Optional<String> state = Optional.ofNullable(call.body().getString("state"));
        if (roles.isPresent() && state.isPresent()) {
            throw ApiException.invalid("state", state.get(), "changed alone, not together with roles");
        }
        Future<Void> done = roles.map(names -> people.setRoles(name, roles(names), call.actor(), call.remote()))
                .or(() -> state.map(wanted -> wanted.equals("disabled")
                        ? people.disable(name, call.actor(), call.remote())
                        : people.enable(name, call.actor(), call.remote())))
                .orElse(Future.succeededFuture());
        return done.onSuccess(it -> changed.run()).compose(now -> get(name));
    }

    private Future<Answer> setPassword(Call call) {
        return people.setPassword(name(call), call.body().getString("password"), call.actor(), call.remote())
                .onSuccess(set -> changed.run())
                .map(set -> Answer.nothing());
    }

    private Future<Answer> remove(Call call) {
        return people.remove(name(call), call.actor(), call.remote())
                .onSuccess(removed -> changed.run())
                .map(removed -> Answer.nothing());
    }

    private static String name(Call call) {
        return call.text("name").orElseThrow();
    }

    private static ApiException unknown(String name) {
        return ApiException.of(ApiError.NOT_FOUND, "no user has the name '" + name + "'");
    }

    /** The contract has checked that they are texts. */
    private static Set<String> roles(JsonArray names) {
        Set<String> roles = new TreeSet<>();
        names.forEach(name -> roles.add((String) name));
        return roles;
    }

    private static JsonObject json(Person person) {
        return JsonObject.of(
                "id", person.id().toString(),
                "name", person.name(),
                "roles", Json.texts(List.copyOf(person.roles())),
                "state", person.disabled() ? "disabled" : "active",
                "source", person.source(),
                "createdAt", person.createdAt().toString());
    }
}
