/** Links between gateways, by which tunnels reach agents that are linked to another one. */
package dev.gatehouse.gateway.peer;
