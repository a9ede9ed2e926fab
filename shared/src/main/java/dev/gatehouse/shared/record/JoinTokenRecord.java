package dev.gatehouse.shared.record;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** A join token without its secret, which nobody has any more. */
public record JoinTokenRecord(
        UUID id, int usesLeft, Map<String, String> labels, String createdBy, Instant createdAt, Instant expiresAt) {}
