package dev.gatehouse.ingest.index;

import dev.gatehouse.protocol.message.Event;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** Holds an event's fields within what rows and indexes can take: what is too long is cut and marked, nothing makes an event fail. Pure. */
final class EventFields {

    /** Characters of {@code text}. */
    static final int TEXT = 64 * 1024;

    static final int TITLE = 1024;

    /** Characters of what rollups are keyed by: together below the 2,700 bytes of an index entry. */
    static final int KEY = 200;

    static final int KIND = 64;
    static final int ATTRIBUTES = 64;
    static final int ATTRIBUTE_NAME = 128;
    static final int ATTRIBUTE_VALUE = 4096;

    /** At the end of what was cut. */
    static final String MARK = "…";

    /** 2000-01-01 and 2100-01-01, microseconds since the epoch: an event outside has the time at which it became durable. */
    static final long EARLIEST = 946_684_800_000_000L;

    static final long LATEST = 4_102_444_800_000_000L;

    private static final long LONGEST = Duration.ofDays(366).toNanos() / 1000;

    private EventFields() {}

    static long time(Event event, long durableAt) {
        return event.getTime() < EARLIEST || event.getTime() >= LATEST ? durableAt : event.getTime();
    }

    static long duration(Event event) {
        return Math.clamp(event.getDurationMicros(), 0, LONGEST);
    }

    static String attributes(Event event) {
        if (event.getAttributesCount() == 0) {
            return "{}";
        }
        JsonObject json = new JsonObject();
        event.getAttributesMap().entrySet().stream()
                .limit(ATTRIBUTES)
                .forEach(entry ->
                        json.put(text(entry.getKey(), ATTRIBUTE_NAME), text(entry.getValue(), ATTRIBUTE_VALUE)));
        return json.encode();
    }

    /** Without U+0000, which PostgreSQL cannot store, and at most {@code limit} characters. */
    static String text(String text, int limit) {
        String storable = text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
        if (storable.length() <= limit) {
            return storable;
        }
        int end = limit - MARK.length();
        return storable.substring(0, Character.isHighSurrogate(storable.charAt(end - 1)) ? end - 1 : end) + MARK;
    }
}
