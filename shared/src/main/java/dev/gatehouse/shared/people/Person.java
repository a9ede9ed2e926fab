package dev.gatehouse.shared.people;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * Somebody who may sign in.
 *
 * @param locked by an administrator, until one unlocks
 * @param source {@code local}, or the directory that knows the password
 */
public record Person(UUID id, String name, Set<PersonRole> roles, boolean locked, String source, Instant createdAt) {}
