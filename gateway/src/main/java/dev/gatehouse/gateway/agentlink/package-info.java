/** Agents' links: accepted, identified, registered as the newest of their slot, and tied to the forwarder that carries their chunks. */
package dev.gatehouse.gateway.agentlink;
