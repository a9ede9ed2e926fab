package dev.gatehouse.ingest.commit;

import dev.gatehouse.shared.retry.Backoff;
import java.util.List;
import java.util.UUID;

/** What a {@link CommitFlow} has done for it. Each request is answered by the method of the flow that it names, later and on the same thread; none is answered after the process has died. */
public interface CommitOutput {

    /** A cut's object on its way to the store under a writer. */
    record Upload(Cut cut, UUID writer, Backoff tries) {}

    /** Cuts on their way to the database under a writer, in one transaction. */
    record Commit(UUID writer, List<Cut> cuts) {}

    /** Lay the cut out under the writer; done when the method returns. */
    void layOut(Cut cut, UUID writer);

    /** Put the cut's object: {@link CommitFlow#uploaded} or {@link CommitFlow#uploadFailed}. */
    void upload(Upload upload);

    /** Write the rows: {@link CommitFlow#committed}, {@link CommitFlow#writerClosed}, {@link CommitFlow#commitRefused} or {@link CommitFlow#commitFailed}. */
    void commit(Commit commit);

    /** Open a new writer: {@link CommitFlow#writerOpened} or {@link CommitFlow#writerNotOpened}. */
    void openWriter();

    /** These streams were told of by the commit's rows. */
    void durable(List<StreamNext> streams);

    /** The database refuses these chunks of one stream, for what is in them: they will not become durable. */
    void left(Cut chunks, String reason);

    /** Do it after so many nanoseconds. */
    void after(long nanos, Runnable action);
}
