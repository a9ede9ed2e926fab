package dev.gatehouse.admin.resource;

import dev.gatehouse.admin.http.Answer;
import dev.gatehouse.admin.http.ApiError;
import dev.gatehouse.admin.http.ApiException;
import dev.gatehouse.admin.http.Call;
import dev.gatehouse.admin.http.Caller;
import dev.gatehouse.admin.http.Items;
import dev.gatehouse.admin.http.Operations;
import dev.gatehouse.protocol.label.Selector;
import dev.gatehouse.protocol.label.SelectorException;
import dev.gatehouse.protocol.resource.ResourceAddress;
import dev.gatehouse.protocol.resource.ResourceKind;
import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.bus.Addresses;
import dev.gatehouse.shared.bus.Bus;
import dev.gatehouse.shared.custody.Custody;
import dev.gatehouse.shared.record.Page;
import dev.gatehouse.shared.record.ResourceRecord;
import dev.gatehouse.shared.record.ResourceRecords;
import dev.gatehouse.shared.settings.DidYouMean;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** Lists, shows, explains, registers and removes resources. Thread-safe. */
public final class ResourceOperations {

    /** For a gateway to say what it would choose. */
    private static final Duration EXPLAIN = Duration.ofSeconds(3);

    /** Pages of the database that one page of a filtered list may take; beyond them it ends early. */
    private static final int MAX_READ = 10;

    private final ResourceRecords records;
    private final Registrations registrations;
    private final Bus bus;
    private final BiPredicate<Caller, Map<String, String>> sees;

    /** @param sees whether somebody is shown what has these labels */
    public ResourceOperations(
            Vertx vertx,
            Pool postgres,
            Custody custody,
            Audit audit,
            Bus bus,
            BiPredicate<Caller, Map<String, String>> sees) {
        this.records = new ResourceRecords(postgres);
        this.registrations = new Registrations(vertx, postgres, custody, audit);
        this.bus = bus;
        this.sees = sees;
    }

    public void bind(Operations operations) {
        operations
                .on("listResources", this::list)
                .on("getResource", call -> seen(call).map(resource -> Answer.json(ResourceJson.of(resource))))
                .on("explainResource", this::explain)
                .on("registerResource", this::register)
                .on("removeResource", this::remove);
    }

    private static String name(Call call) {
        return call.text("name").orElseThrow();
    }

    // Lists -----------------------------------------------------------------------------------------------------------

    private Future<Answer> list(Call call) {
        Predicate<ResourceRecord> filter = filter(call);
        Optional<String> after = call.cursor().map(key -> key.getString("name"));
        return read(filter, after, call.limit(), new ArrayList<>(), MAX_READ)
                .map(page ->
                        Items.of(call, page, ResourceJson::of, resource -> JsonObject.of("name", resource.name())));
    }

    private Predicate<ResourceRecord> filter(Call call) {
        Optional<String> kind = call.text("kind");
        Optional<String> name = call.text("name").map(part -> part.toLowerCase(Locale.ROOT));
        Optional<Selector> labels = call.text("labels").map(ResourceOperations::selector);
        return resource -> sees(call, resource)
                && kind.map(resource.kind()::equals).orElse(true)
                && name.map(part -> resource.name().toLowerCase(Locale.ROOT).contains(part))
                        .orElse(true)
                && labels.map(selector -> matches(selector, resource)).orElse(true);
    }

    private boolean sees(Call call, ResourceRecord resource) {
        Caller caller = call.caller().orElseThrow();
        return (resource.registered().isPresent() && sees.test(caller, resource.labels()))
                || resource.replicas().stream().anyMatch(replica -> sees.test(caller, replica.labels()));
    }

    private static boolean matches(Selector selector, ResourceRecord resource) {
        return selector.matches(resource.labels())
                || resource.replicas().stream().anyMatch(replica -> selector.matches(replica.labels()));
    }

    private static Selector selector(String text) {
        try {
            return Selector.parse(text);
        } catch (SelectorException e) {
            throw ApiException.invalid("labels", text, "KEY=VALUE,KEY=VALUE (" + e.getMessage() + ")");
        }
    }

    /** Reads on until the page is full, or long enough. */
    private Future<Page<ResourceRecord>> read(
            Predicate<ResourceRecord> filter, Optional<String> after, int limit, List<ResourceRecord> found, int left) {
        return records.list(after, Page.MAX).compose(page -> {
            for (ResourceRecord resource : page.items()) {
                if (found.size() == limit) {
                    return Future.succeededFuture(new Page<>(List.copyOf(found), true));
                }
                if (filter.test(resource)) {
                    found.add(resource);
                }
            }
            if (!page.more()) {
                return Future.succeededFuture(new Page<>(List.copyOf(found), false));
            }
            if (left == 1) {
                return found.isEmpty()
                        ? Future.failedFuture(ApiException.of(
                                ApiError.TOO_BROAD,
                                "none of " + MAX_READ * Page.MAX + " resources fits; name more of it"))
                        : Future.succeededFuture(new Page<>(List.copyOf(found), true));
            }
            return read(filter, Optional.of(page.last().name()), limit, found, left - 1);
        });
    }

    private Future<ResourceRecord> get(String name) {
        return records.get(name)
                .compose(found -> found.isPresent() ? Future.succeededFuture(found.get()) : unknown(name));
    }

    /** For somebody who may know of it. */
    private Future<ResourceRecord> seen(Call call) {
        return get(name(call)).map(resource -> {
            if (!sees(call, resource)) {
                throw ApiException.of(ApiError.FORBIDDEN, "your roles do not let you reach '" + resource.name() + "'");
            }
            return resource;
        });
    }

    private Future<ResourceRecord> unknown(String name) {
        return records.names().compose(names -> {
            String near = DidYouMean.nearest(name, names)
                    .map(meant -> "; did you mean '" + meant + "'?")
                    .orElse("");
            return Future.failedFuture(
                    ApiException.of(ApiError.NOT_FOUND, "no resource is called '" + name + "'" + near));
        });
    }

    // Explain ---------------------------------------------------------------------------------------------------------

    private Future<Answer> explain(Call call) {
        String name = name(call);
        JsonObject question = new JsonObject().put("resource", name);
        call.text("agent").ifPresent(agent -> question.put("agent", agent));
        return seen(call)
                .compose(known -> bus.<JsonObject>request(Addresses.EXPLAIN, question, EXPLAIN)
                        .recover(cause -> Future.failedFuture(
                                ApiException.of(ApiError.UNAVAILABLE, "no gateway answers: " + cause.getMessage())))
                        .map(answer -> Answer.json(explained(answer.copy(), known, call.text("agent")))));
    }

    private static JsonObject explained(JsonObject answer, ResourceRecord known, Optional<String> agent) {
        String refusal = answer.getString("refusal");
        if (refusal == null) {
            JsonObject first = answer.getJsonArray("candidates").getJsonObject(0);
            return answer.put(
                    "message",
                    "a new session gets agent " + first.getString("agentName") + ": " + first.getString("why"));
        }
        return switch (refusal) {
            case "nobody" ->
                answer.put("refusal", "offline")
                        .put(
                                "message",
                                known.replicas().isEmpty()
                                        ? "it is registered, and no agent offers it: an agent's `watch` must ask for its labels and allow its address"
                                        : "it is known, and none of the agents that offer it has a link: "
                                                + names(known));
            case "not-this-agent" ->
                answer.put(
                        "message",
                        "agent " + agent.orElse("") + " does not offer it; it is offered by " + names(known));
            case "ambiguous-agent" ->
                answer.put("message", "several agents call themselves " + agent.orElse("") + "; name one by its id");
            default -> answer.put("message", "all agents that offer it have the weight 0, so one must be named");
        };
    }

    private static String names(ResourceRecord resource) {
        List<String> names = resource.replicas().stream()
                .map(ResourceRecord.Replica::agentName)
                .limit(5)
                .toList();
        return String.join(", ", names) + (resource.replicas().size() > names.size() ? ", …" : "");
    }

    // Registration ----------------------------------------------------------------------------------------------------

    private Future<Answer> register(Call call) {
        JsonObject body = call.body();
        ResourceKind kind = ResourceKind.of(body.getString("kind")).orElseThrow(); // the contract has checked it
        try {
            ResourceAddress.of(kind, body.getString("uri"));
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid("uri", "", "an address of this kind: it " + e.getMessage());
        }
        Map<String, String> labels = new TreeMap<>();
        body.getJsonObject("labels", new JsonObject())
                .forEach(label -> labels.put(label.getKey(), (String) label.getValue()));
        if (labels.isEmpty()) {
            throw ApiException.invalid("labels", "{}", "at least one, or no agent can watch for it");
        }
        Registrations.Wanted wanted = new Registrations.Wanted(
                body.getString("name"), kind.word(), body.getString("uri"), labels, body.getInteger("weight", 1));
        return registrations
                .add(wanted, call.actor(), call.remote())
                .compose(added -> get(wanted.name()))
                .map(resource -> Answer.json(201, ResourceJson.of(resource)));
    }

    private Future<Answer> remove(Call call) {
        return registrations.remove(name(call), call.actor(), call.remote()).map(removed -> {
            if (!removed) {
                throw ApiException.of(
                        ApiError.NOT_FOUND,
                        "no resource is registered as '" + name(call) + "'; those of agents' files go with the file");
            }
            return Answer.nothing();
        });
    }
}
