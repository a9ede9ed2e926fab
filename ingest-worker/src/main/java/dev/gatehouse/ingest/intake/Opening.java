package dev.gatehouse.ingest.intake;

import dev.gatehouse.ingest.commit.StreamRows;
import dev.gatehouse.protocol.message.StreamOpened;

/** What is to be done about an opening. */
public sealed interface Opening {

    /** Answer it so. */
    record Answer(StreamOpened opened) implements Opening {}

    /** Read or insert the stream's row, then tell {@link Intake#registered}. */
    record Ask(StreamRows.Registration registration) implements Opening {}

    /** Chunks of it are on their way: ask again when something has been committed. */
    record Later() implements Opening {}

    /** There is no room for another stream: the link may ask again later. */
    record Full() implements Opening {}
}
