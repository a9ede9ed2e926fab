package dev.gatehouse.agent.settings;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the agent's file has changed, within {@link #PERIOD_MILLIS}, and has its resources taken over; labels, sources and the spool's limits wait for the next start. A file that is refused, or gone, changes nothing.
 *
 * <p>Thread-safe.
 */
public final class SettingsFollower {

    static final long PERIOD_MILLIS = 1000;

    private static final Logger log = LoggerFactory.getLogger(SettingsFollower.class);

    private record Seen(FileTime changed, long size) {}

    private final Vertx vertx;
    private final Path file;
    private final Consumer<AgentSettings> changed;
    private final long timer;
    private Optional<Seen> seen = Optional.empty();
    private AgentSettings known;
    private boolean first = true;

    /** @param known what the file said when it was read */
    public SettingsFollower(Vertx vertx, Path file, AgentSettings known, Consumer<AgentSettings> changed) {
        this.vertx = vertx;
        this.file = file;
        this.known = known;
        this.changed = changed;
        this.timer = vertx.setPeriodic(
                PERIOD_MILLIS,
                tick -> vertx.executeBlocking(this::look)
                        .onFailure(cause -> log.warn("{} not looked at", file, cause)));
    }

    public Future<Void> close() {
        vertx.cancelTimer(timer);
        return Future.succeededFuture();
    }

    private synchronized Void look() {
        Optional<Seen> now;
        try {
            now = Optional.of(new Seen(Files.getLastModifiedTime(file), Files.size(file)));
        } catch (IOException gone) {
            now = Optional.empty();
        }
        if (now.equals(seen) && !first) {
            return null;
        }
        first = false;
        seen = now;
        if (now.isPresent()) {
            read();
        }
        return null;
    }

    private void read() {
        try {
            AgentSettings next = AgentFile.read(file);
            if (next.equals(known)) {
                return;
            }
            if (!next.withResources(known.resources(), known.watched()).equals(known)) {
                log.warn(
                        "{} has changed; what is not of `resources` and `watch` waits for the agent's next start",
                        file);
            }
            known = next;
            changed.accept(next);
        } catch (SettingsException e) {
            log.error("{} has changed and is refused, so the agent goes on as before: {}", file, e.problems());
        }
    }
}
