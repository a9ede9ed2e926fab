/** Writes that are asked for twice and done once. */
package dev.gatehouse.admin.idempotency;
