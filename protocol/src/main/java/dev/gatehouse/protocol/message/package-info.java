/** The messages of {@code link.proto} (generated) and what reading them by hand needs. */
package dev.gatehouse.protocol.message;
