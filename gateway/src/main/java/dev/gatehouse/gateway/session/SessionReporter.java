package dev.gatehouse.gateway.session;

import dev.gatehouse.shared.bus.Addresses;
import dev.gatehouse.shared.bus.Bus;
import dev.gatehouse.shared.session.SessionCopies;
import dev.gatehouse.shared.session.SessionReport;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Tells everyone this gateway's live sessions each second, and has them written down. Event loop. */
public final class SessionReporter extends VerticleBase {

    private final Bus bus;
    private final String self;
    private final Sessions sessions;
    private final SessionWriter writer;
    private final Map<UUID, SessionReport> told = new HashMap<>();
    private int round;

    public SessionReporter(Bus bus, String self, Sessions sessions, SessionWriter writer) {
        this.bus = bus;
        this.self = self;
        this.sessions = sessions;
        this.writer = writer;
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(SessionCopies.PERIOD.toMillis(), tick -> {
            tell();
            writer.round(sessions.all(), sessions.takeOver());
        });
        return Future.succeededFuture();
    }

    /** Says that there are none any more, and writes what is left. */
    @Override
    public Future<?> stop() {
        bus.publish(Addresses.SESSIONS, SessionCopies.whole(self, List.of(), true, true));
        return writer.last(sessions.all());
    }

    private void tell() {
        List<SessionReport> now = sessions.reports();
        if (round++ % (SessionCopies.WHOLE.toMillis() / SessionCopies.PERIOD.toMillis()) == 0) {
            whole(now);
        } else {
            changes(now);
        }
        told.clear();
        now.forEach(session -> told.put(session.id(), session));
    }

    private void whole(List<SessionReport> now) {
        int at = 0;
        do {
            int to = Math.min(now.size(), at + SessionCopies.PAGE);
            bus.publish(Addresses.SESSIONS, SessionCopies.whole(self, now.subList(at, to), at == 0, to == now.size()));
            at = to;
        } while (at < now.size());
    }

    private void changes(List<SessionReport> now) {
        List<SessionReport> changed = new ArrayList<>();
        for (SessionReport session : now) {
            if (!session.equals(told.remove(session.id()))) {
                changed.add(session);
            }
        }
        List<UUID> over = List.copyOf(told.keySet());
        int at = 0;
        do { // also without a change: a silent gateway is taken for dead
            int to = Math.min(changed.size(), at + SessionCopies.PAGE);
            bus.publish(
                    Addresses.SESSIONS,
                    SessionCopies.changes(self, changed.subList(at, to), at == 0 ? over : List.of()));
            at = to;
        } while (at < changed.size());
    }
}
