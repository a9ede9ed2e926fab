/** Tunnels: byte streams between a user's end and an agent's that outlive the connections they run over. Pure. */
package dev.gatehouse.protocol.tunnel;
