package dev.gatehouse.agent.source;

import java.util.List;

/** Something that is captured on this machine, with a thread of its own. Closing it returns when nothing more is put into the spool. */
public interface Source extends AutoCloseable {

    /**
     * One thing that a source reads.
     *
     * @param position how much of it is in the spool
     * @param size how much there is
     */
    record Position(String name, long position, long size) {}

    String kind();

    void start();

    /** What it reads at present, at most a hundred. */
    List<Position> positions();

    @Override
    void close();
}
