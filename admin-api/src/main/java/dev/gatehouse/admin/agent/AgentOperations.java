package dev.gatehouse.admin.agent;

import dev.gatehouse.admin.http.Answer;
import dev.gatehouse.admin.http.ApiException;
import dev.gatehouse.admin.http.Call;
import dev.gatehouse.admin.http.Items;
import dev.gatehouse.admin.http.Operations;
import dev.gatehouse.shared.custody.Agents;
import dev.gatehouse.shared.record.AgentRecord;
import dev.gatehouse.shared.record.AgentRecords;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.UUID;

/** Lists, shows and revokes agents. Thread-safe. */
public final class AgentOperations {

    private final AgentRecords records;
    private final Agents agents;

    public AgentOperations(AgentRecords records, Agents agents) {
        this.records = records;
        this.agents = agents;
    }

    public void bind(Operations operations) {
        operations
                .on("listAgents", this::list)
                .on("getAgent", call -> get(call.id()))
                .on("revokeAgent", this::revoke);
    }

    private Future<Answer> list(Call call) {
        AgentRecords.Filter filter = new AgentRecords.Filter(
                call.text("state").map(state -> AgentRecord.State.valueOf(state.toUpperCase(Locale.ROOT))),
                call.text("name"),
                call.text("label"));
        return records.list(filter, call.cursor().map(key -> key.getString("name")), call.limit())
                .map(page -> Items.of(call, page, AgentJson::of, agent -> JsonObject.of("name", agent.name())));
    }

    private Future<Answer> get(UUID id) {
        return records.get(id)
                .map(found -> Answer.json(AgentJson.of(found.orElseThrow(() -> ApiException.notFound("agent", id)))));
    }

    private Future<Answer> revoke(Call call) {
        return agents.revoke(call.id(), call.body().getString("reason"), call.actor(), call.remote())
                .compose(changed -> get(call.id()));
    }
}
