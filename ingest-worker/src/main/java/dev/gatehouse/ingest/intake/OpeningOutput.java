package dev.gatehouse.ingest.intake;

import dev.gatehouse.ingest.commit.StreamRows;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What {@link Openings} asks of the database, one request at a time. Each is answered later, on the same thread; both may be answered with {@link Openings#failed} or {@link Openings#refused}. */
public interface OpeningOutput {

    /** As {@link StreamRows#register}; then {@link Openings#registered}. */
    void register(List<StreamRows.Registration> streams);

    /** As {@link StreamRows#skip}; then {@link Openings#skipped}. */
    void skip(Map<UUID, Long> firsts);
}
