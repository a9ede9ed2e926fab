package dev.gatehouse.agent.spool;

/** One stream in the index. Guarded by the spool's lock. */
final class SpoolStream {

    StreamInfo info;
    final Locations chunks;

    /** The next number to be given. */
    long next;

    /** Everything below is fsynced, and may be sent. */
    long synced;

    /** Everything below is durable on the other side, or lost here. */
    long acked;

    /** Where the content of the next chunk begins. */
    long content;

    Alias alias;

    /** Number of the log file with the last {@link SpoolRecord.Opened}. */
    int openedIn;

    /** Whether the last chunk has FIN: nothing more is appended. */
    boolean finished;

    boolean ackUnsaved;

    SpoolStream(StreamInfo info, long next, long acked, long content, Alias alias, int openedIn) {
        this.info = info;
        this.chunks = new Locations(acked);
        this.next = next;
        this.synced = next;
        this.acked = acked;
        this.content = content;
        this.alias = alias;
        this.openedIn = openedIn;
    }

    SpoolRecord.Opened record() {
        return new SpoolRecord.Opened(info, next, acked, content, alias);
    }

    /** What the rest of the agent sees. */
    StreamView view() {
        return new StreamView(info, alias, acked, synced, next, finished);
    }
}
