/** The agent's ends of tunnels: what may be dialled, and the connections to it. */
package dev.gatehouse.agent.tunnel;
