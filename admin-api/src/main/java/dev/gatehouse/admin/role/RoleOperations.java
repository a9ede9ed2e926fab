package dev.gatehouse.admin.role;

import dev.gatehouse.admin.http.Answer;
import dev.gatehouse.admin.http.ApiError;
import dev.gatehouse.admin.http.ApiException;
import dev.gatehouse.admin.http.Call;
import dev.gatehouse.admin.http.Items;
import dev.gatehouse.admin.http.Operations;
import dev.gatehouse.protocol.label.Selector;
import dev.gatehouse.shared.people.AccessRole;
import dev.gatehouse.shared.people.Roles;
import dev.gatehouse.shared.people.SelectorJson;
import dev.gatehouse.shared.record.UserRecords;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Makes, lists, changes and removes roles. Thread-safe. */
public final class RoleOperations {

    private final Runnable changed;
    private final UserRecords records;
    private final Roles roles;

    /** @param changed called after each change: others shall notice soon */
    public RoleOperations(Runnable changed, UserRecords records, Roles roles) {
        this.changed = changed;
        this.records = records;
        this.roles = roles;
    }

    public void bind(Operations operations) {
        operations
                .on("listRoles", this::list)
                .on("createRole", this::create)
                .on("getRole", this::get)
                .on("setRole", this::set)
                .on("removeRole", this::remove);
    }

    private Future<Answer> list(Call call) {
        return records.roles(call.cursor().map(key -> key.getString("name")), call.limit())
                .map(page -> Items.of(call, page, RoleOperations::json, role -> JsonObject.of("name", role.name())));
    }

    private Future<Answer> get(Call call) {
        String name = call.text("name").orElseThrow();
        return records.role(name)
                .map(found -> Answer.json(json(found.orElseThrow(
                        () -> ApiException.of(ApiError.NOT_FOUND, "no role has the name '" + name + "'")))));
    }

    private Future<Answer> create(Call call) {
        return roles.create(
                        call.body().getString("name"),
                        selectors(call, "allow"),
                        selectors(call, "deny"),
                        call.actor(),
                        call.remote())
                .onSuccess(made -> changed.run())
                .map(made -> Answer.json(201, json(made)));
    }

    private Future<Answer> set(Call call) {
        return roles.set(
                        call.text("name").orElseThrow(),
                        selectors(call, "allow"),
                        selectors(call, "deny"),
                        call.actor(),
                        call.remote())
                .onSuccess(set -> changed.run())
                .map(set -> Answer.json(json(set)));
    }

    private Future<Answer> remove(Call call) {
        return roles.remove(call.text("name").orElseThrow(), call.actor(), call.remote())
                .onSuccess(removed -> changed.run())
                .map(removed -> Answer.nothing());
    }

    private static List<Selector> selectors(Call call, String field) {
        return SelectorJson.read(field, call.body().getJsonArray(field, new JsonArray()));
    }

    private static JsonObject json(AccessRole role) {
        return JsonObject.of(
                "name", role.name(),
                "allow", SelectorJson.write(role.allow()),
                "deny", SelectorJson.write(role.deny()),
                "builtIn", role.builtIn());
    }
}
