package dev.gatehouse.ingest.index;

import java.util.UUID;

/**
 * An event as its row holds it; its key is (stream, sequence, index).
 *
 * @param time microseconds since the epoch
 * @param attributes JSON object
 */
record IndexedEvent(
        long time,
        UUID streamId,
        long sequence,
        int index,
        UUID agentId,
        String user,
        String kind,
        String application,
        String title,
        String text,
        String attributes,
        long durationMicros) {}
