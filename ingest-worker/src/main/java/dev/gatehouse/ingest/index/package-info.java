/** Turns event chunks that are durable into event rows and rollups, each event exactly once, behind the acks. */
package dev.gatehouse.ingest.index;
