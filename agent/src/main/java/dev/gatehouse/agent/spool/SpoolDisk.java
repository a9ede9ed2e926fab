package dev.gatehouse.agent.spool;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.SortedSet;

/** The log files of one spool, by number: a folder, or in a simulation one that a crash can strip of what was not forced. Thread-safe for different files and places. */
public interface SpoolDisk {

    /** Numbers of the files that are there. */
    SortedSet<Integer> files() throws IOException;

    /** All of a file. */
    Buffer readAll(int file) throws IOException;

    /** Exactly {@code length} bytes. */
    Buffer read(int file, int offset, int length) throws IOException;

    /** Writes at a place, which makes the file if it isn't there; the same bytes may be written to the same place again after a failure. */
    void write(int file, int offset, Buffer bytes) throws IOException;

    /** Returns when everything written to the file, and that it exists, survives a power cut. */
    void force(int file) throws IOException;

    /** Cuts a file off, and forces that. */
    void truncate(int file, int length) throws IOException;

    void delete(int file) throws IOException;
}
