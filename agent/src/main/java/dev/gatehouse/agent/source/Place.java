package dev.gatehouse.agent.source;

import dev.gatehouse.agent.spool.Checkpoint;

/** Where a source reads events, for example one opened file. What it says of a position must stay the same. Thread-safe. */
public interface Place {

    /** The checkpoint that holds once everything before {@code position} is in the spool. */
    Checkpoint at(long position);
}
