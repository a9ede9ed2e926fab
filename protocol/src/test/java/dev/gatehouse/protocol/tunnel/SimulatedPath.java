package dev.gatehouse.protocol.tunnel;

import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/**
 * One attachment of a simulated tunnel: user — gateway — gateway — agent. Frames arrive late, in order, until a link is cut; then those on it are lost, and its two ends learn of it in their own time.
 */
final class SimulatedPath {

    /** What goes over it; {@code up} leads to the agent. */
    sealed interface Message {}

    /** OPEN or RESUME. */
    record Ask(int attachment, long consumed, long limit) implements Message {}

    record Answer(long consumed, long limit) implements Message {}

    record Data(Buffer payload) implements Message {}

    record Told(Window window) implements Message {}

    record Lost() implements Message {}

    record Done() implements Message {}

    static final int USER = 0;
    static final int AGENT = 3;

    private final Simulation world;
    final int attachment;
    private final boolean[] cut = new boolean[AGENT];
    private final long[][] arrival = new long[2][AGENT];
    private final RelayIn[][] in = new RelayIn[2][AGENT];
    private final RelayOut[][] out = new RelayOut[2][AGENT];
    private final boolean[] over = new boolean[AGENT + 1];

    SimulatedPath(Simulation world, int attachment) {
        this.world = world;
        this.attachment = attachment;
    }

    /** Sends a message from a station to the next one. */
    void send(int from, boolean up, Message message) {
        int link = up ? from : from - 1;
        if (cut[link]) {
            return;
        }
        int to = up ? from + 1 : from - 1;
        int direction = up ? 1 : 0;
        arrival[direction][link] = Math.max(arrival[direction][link], world.now() + world.delay());
        world.at(arrival[direction][link], () -> {
            if (!cut[link]) {
                arrived(to, up, message);
            }
        });
    }

    void cut(int link) {
        if (cut[link]) {
            return;
        }
        cut[link] = true;
        world.after(world.delay() * 3, () -> lost(link, false));
        world.after(world.delay() * 3, () -> lost(link + 1, true));
    }

    /** A gateway dies: both of its links do. */
    void crash(int gateway) {
        over[gateway] = true;
        cut(gateway - 1);
        cut(gateway);
    }

    private void lost(int station, boolean up) {
        if (station == USER || station == AGENT) {
            world.lost(this, station);
        } else if (!over[station]) {
            over[station] = true;
            send(station, up, new Lost());
        }
    }

    private void arrived(int station, boolean up, Message message) {
        if (station == USER || station == AGENT) {
            world.arrived(this, station, message);
        } else if (!over[station]) {
            try {
                relay(station, up, message);
            } catch (ProtocolException e) {
                throw new AssertionError("gateway " + station, e);
            }
        }
    }

    private void relay(int station, boolean up, Message message) throws ProtocolException {
        int there = up ? 1 : 0; // the direction that the message goes
        int back = 1 - there;
        switch (message) {
            case Ask ask -> {
                out[back][station] = new RelayOut(world.budget(), ask.consumed, ask.limit);
                long granted = out[back][station].granted();
                in[back][station] = new RelayIn(ask.consumed, granted);
                send(station, up, new Ask(ask.attachment, ask.consumed, granted));
            }
            case Answer answer -> {
                out[back][station] = new RelayOut(world.budget(), answer.consumed, answer.limit);
                long granted = out[back][station].granted();
                in[back][station] = new RelayIn(answer.consumed, granted);
                send(station, up, new Answer(answer.consumed, granted));
            }
            case Data data -> {
                in[there][station].data(data.payload);
                out[there][station].add(data.payload);
                world.after(world.delay(), () -> forward(station, up));
            }
            case Told told -> {
                Window window = out[back][station].window(told.window);
                in[back][station].granted(window.limit());
                send(station, up, new Told(window));
            }
            case Lost lost -> {
                over[station] = true;
                send(station, up, lost);
            }
            case Done done -> {
                over[station] = true;
                send(station, up, done);
            }
        }
    }

    /** The link has room for one more. */
    private void forward(int station, boolean up) {
        int direction = up ? 1 : 0;
        if (over[station] || !out[direction][station].hasNext()) {
            return;
        }
        send(station, up, new Data(out[direction][station].next().orElseThrow()));
        out[direction][station].tell().ifPresent(window -> {
            in[direction][station].granted(window.limit());
            send(station, !up, new Told(window));
        });
    }
}
