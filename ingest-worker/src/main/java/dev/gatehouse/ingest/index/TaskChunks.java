package dev.gatehouse.ingest.index;

import java.util.List;

/**
 * What a task still has to do.
 *
 * @param chunks in block order
 * @param complete whether these are all that are left of the task
 */
record TaskChunks(IndexTask task, List<EventChunk> chunks, boolean complete) {}
