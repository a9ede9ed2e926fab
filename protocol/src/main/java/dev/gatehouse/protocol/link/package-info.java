/** What a link's frames mean: which are allowed when, within which limits, and which of an agent's links is the newest. Pure, without I/O. */
package dev.gatehouse.protocol.link;
