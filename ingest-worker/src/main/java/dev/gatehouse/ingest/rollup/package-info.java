/** Hourly sums over events, from which reports are made. */
package dev.gatehouse.ingest.rollup;
