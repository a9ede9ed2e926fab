/** Who may write objects: a worker's one life, opened by it and closed for ever by itself or by the collector of orphans. */
package dev.gatehouse.ingest.writer;
