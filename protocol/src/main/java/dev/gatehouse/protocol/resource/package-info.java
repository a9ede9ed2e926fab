/** What agents offer, as all who speak of it write it: names, kinds, addresses. */
package dev.gatehouse.protocol.resource;
