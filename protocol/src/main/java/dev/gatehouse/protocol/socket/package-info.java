/** The plain TCP connections at both ends of tunnels, and how they meet links. */
package dev.gatehouse.protocol.socket;
