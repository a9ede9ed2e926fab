/** The reference agent: what it captures goes from a source to the spool, from there over a link, and is forgotten when the gateway says that it is durable. */
package dev.gatehouse.agent;
