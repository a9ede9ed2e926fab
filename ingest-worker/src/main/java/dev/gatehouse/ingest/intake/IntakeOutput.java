package dev.gatehouse.ingest.intake;

import dev.gatehouse.ingest.commit.TakenChunk;
import java.util.UUID;

/** What the intake hands on: to be made durable, or to be looked up. */
public interface IntakeOutput {

    /** The next chunk of its stream; must become durable in the order in which chunks are handed over. */
    void taken(TakenChunk chunk);

    /** A repeat of a chunk that was stored long ago: find its CRC, then tell {@link Intake#stored}. */
    void compare(UUID streamId, long sequence, int crc);
}
