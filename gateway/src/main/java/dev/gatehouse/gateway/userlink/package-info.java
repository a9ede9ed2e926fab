/** Users' links: who they are, and the tunnels they ask for. */
package dev.gatehouse.gateway.userlink;
