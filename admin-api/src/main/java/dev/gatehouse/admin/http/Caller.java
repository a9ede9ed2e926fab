package dev.gatehouse.admin.http;

import dev.gatehouse.shared.people.PersonRole;
import java.time.Instant;
import java.util.Set;

/**
 * Who asks.
 *
 * @param token by which they were known
 */
public record Caller(String name, Set<PersonRole> roles, Instant expiresAt, String token) {}
