/** Tunnels through this gateway: where they are to go, and how the two links of each are joined. */
package dev.gatehouse.gateway.splice;
