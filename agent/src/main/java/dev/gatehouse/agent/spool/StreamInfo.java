package dev.gatehouse.agent.spool;

import dev.gatehouse.protocol.message.StreamKind;
import java.util.UUID;

/**
 * What a captured stream is; fixed when it opens.
 *
 * @param id made by the agent; names the stream in the spool for as long as it is there
 * @param subject the person whose activity it is, empty if nobody's
 * @param name of a file: its path below the watched folder; of events: the kind of source
 * @param openedAt microseconds since the epoch
 */
public record StreamInfo(UUID id, StreamKind kind, String subject, String mediaType, String name, long openedAt) {}
