/** Chunks to ingest-workers: pure cores for order, credit, windows and the choice of a worker, told answers and times, so that a simulation can drive them. */
package dev.gatehouse.gateway.forward;
