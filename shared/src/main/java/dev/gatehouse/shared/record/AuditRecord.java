package dev.gatehouse.shared.record;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** Who did what, from where, and how it ended. */
public record AuditRecord(
        long id,
        Instant at,
        String node,
        String actor,
        String remote,
        String action,
        String target,
        String outcome,
        JsonObject detail) {}
