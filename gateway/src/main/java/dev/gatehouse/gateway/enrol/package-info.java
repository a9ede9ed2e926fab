/** How an agent comes to its first certificate, and to a new one when no link would take the old: HTTPS routes of the {@code access} endpoint that forward to custody. */
package dev.gatehouse.gateway.enrol;
