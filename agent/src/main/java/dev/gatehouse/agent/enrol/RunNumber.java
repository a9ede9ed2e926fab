package dev.gatehouse.agent.enrol;

import dev.gatehouse.agent.spool.AgentFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Which start of the agent this is: +1 each time, fsynced before the first link, with an id that no copy of the folder has. Confined to one thread at a time. */
public final class RunNumber {

    private final Path file;
    private final UUID id = UUID.randomUUID();
    private volatile long number;

    private RunNumber(Path file, long number) {
        this.file = file;
        this.number = number;
    }

    /** A new start. */
    public static RunNumber next(Path folder) throws IOException {
        Path file = folder.resolve("run");
        long last = 0;
        if (Files.exists(file)) {
            try {
                last = Long.parseLong(Files.readString(file).strip());
            } catch (NumberFormatException e) {
                last = 0; // a gateway that knows better will say so
            }
        }
        RunNumber run = new RunNumber(file, last);
        run.above(last);
        return run;
    }

    public long number() {
        return number;
    }

    public UUID id() {
        return id;
    }

    /** A gateway knows of a later start than this one. */
    public void above(long known) throws IOException {
        long next = Math.max(known, number) + 1;
        AgentFiles.replace(file, next + "\n");
        number = next;
    }
}
