package dev.gatehouse.gateway.choice;

import dev.gatehouse.gateway.catalog.Catalog;
import dev.gatehouse.shared.bus.Addresses;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Supplier;

/** Answers on the bus where a session of a resource would go from this gateway, and why: {@code {resource, agent?}} is asked. Event loop. */
public final class ExplainVerticle extends VerticleBase {

    /** Replicas of one answer. */
    private static final int MAX_REPLICAS = 200;

    private final String self;
    private final Supplier<Catalog> catalog;
    private final Choice choice;

    public ExplainVerticle(String self, Supplier<Catalog> catalog, Choice choice) {
        this.self = self;
        this.catalog = catalog;
        this.choice = choice;
    }

    @Override
    public Future<?> start() {
        return vertx.eventBus()
                .<JsonObject>consumer(Addresses.EXPLAIN, message -> {
                    String resource = message.body().getString("resource", "");
                    Optional<String> agent = Optional.ofNullable(message.body().getString("agent"));
                    message.reply(explain(new Question(resource, agent, Optional.empty())));
                })
                .completion();
    }

    private JsonObject explain(Question question) {
        Pick pick = choice.pick(question, catalog.get().replicas(question.resource()), System.nanoTime());
        JsonArray candidates = new JsonArray();
        pick.candidates().forEach(candidate -> candidates.add(JsonObject.of(
                "agentId", candidate.agentId().toString(),
                "agentName", candidate.agentName(),
                "gateway", candidate.gatewayId(),
                "why", candidate.why())));
        JsonArray replicas = new JsonArray();
        pick.verdicts().stream().limit(MAX_REPLICAS).forEach(verdict -> replicas.add(json(verdict)));
        return JsonObject.of(
                "resource", question.resource(),
                "gateway", self,
                "refusal", pick.refusal().map(ExplainVerticle::word).orElse(null),
                "candidates", candidates,
                "replicas", replicas);
    }

    private static JsonObject json(Verdict verdict) {
        return JsonObject.of(
                "agentId", verdict.agentId().toString(),
                "agentName", verdict.agentName(),
                "standing", verdict.standing().word(),
                "reason", verdict.reason(),
                "load", verdict.load(),
                "share", Math.round(verdict.share() * 100) / 100.0,
                "gateways", new JsonArray(verdict.gateways()));
    }

    private static String word(Pick.Refusal refusal) {
        return switch (refusal) {
            case NOBODY -> "nobody";
            case NOT_THIS_AGENT -> "not-this-agent";
            case AMBIGUOUS_AGENT -> "ambiguous-agent";
            case ALL_STANDBY -> "all-standby";
        };
    }
}
