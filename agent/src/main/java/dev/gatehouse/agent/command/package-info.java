/** The agent's command line. */
package dev.gatehouse.agent.command;
