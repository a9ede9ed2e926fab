/** The link protocol {@code gatehouse/1}: what agents, gateways and users' tools say to each other. {@code docs/protocol.md} describes it. */
package dev.gatehouse.protocol;
