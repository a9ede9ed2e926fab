package dev.gatehouse.agent.spool;

import io.vertx.core.buffer.Buffer;

/**
 * How far a source has come, kept in the same record as the chunk that took it there. Local to the agent, opaque to the spool.
 *
 * @param key of the source's place, for example {@code tail:/var/log/syslog}; at most {@link #MAX_KEY} bytes of UTF-8
 * @param value at most {@link #MAX_VALUE} bytes; empty forgets the key
 */
public record Checkpoint(String key, Buffer value) {

    public static final int MAX_KEY = 8 * 1024;
    public static final int MAX_VALUE = 8 * 1024;
}
