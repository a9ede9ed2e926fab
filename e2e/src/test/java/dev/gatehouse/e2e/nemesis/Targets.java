package dev.gatehouse.e2e.nemesis;

import java.util.List;

/**
 * What there is to go wrong.
 *
 * @param services members of the cluster, which others miss after the heartbeat limit
 * @param foundations what they stand on: PostgreSQL, Redis, an S3 server
 * @param agents processes of agents
 * @param ways between agents and gateways, and between services and what they stand on
 */
record Targets(List<String> services, List<String> foundations, List<String> agents, List<String> ways) {}
