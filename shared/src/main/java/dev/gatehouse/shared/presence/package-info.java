/** Which agents are linked, through which gateways, and how much waits in their spools: the row that {@code agents} shows, and a copy in Redis. */
package dev.gatehouse.shared.presence;
