package dev.gatehouse.shared.cluster;

import java.util.Set;

/**
 * A live process of the cluster.
 *
 *
 * @param id the node's id, unique for each start of a process
 */
public record Member(String id, Set<Role> roles) {}
