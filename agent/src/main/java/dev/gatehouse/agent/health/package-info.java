/** Whether the targets of the agent's resources are well: checks per kind, and what the results of checks and dials mean. */
package dev.gatehouse.agent.health;
