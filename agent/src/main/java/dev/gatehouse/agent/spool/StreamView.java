package dev.gatehouse.agent.spool;

/**
 * One stream of the spool at a moment. Numbers are the spool's; {@code alias} says what they are on the wire.
 *
 * @param acked everything below is durable on the other side, or lost here
 * @param synced everything below may be sent
 * @param next the number that the next chunk will get
 * @param finished whether its last chunk is in the spool
 */
public record StreamView(StreamInfo info, Alias alias, long acked, long synced, long next, boolean finished) {}
