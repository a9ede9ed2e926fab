package dev.gatehouse.admin.http;

import java.time.Instant;
import java.util.Set;

/**
 * Who asks.
 *
 * @param roles names
 * @param token by which they were known
 */
public record Caller(String name, Set<String> roles, Instant expiresAt, String token) {}
