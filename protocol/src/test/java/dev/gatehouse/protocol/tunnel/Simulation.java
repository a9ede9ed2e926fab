package dev.gatehouse.protocol.tunnel;

import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

/** A tunnel by virtual time, through faults that the seed decides: cut links, dying gateways, slow consumers, answers that never come. */
final class Simulation {

    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1000 * MILLI;
    private static final int MOST_BYTES = 1_500_000;

    private record Event(long at, long number, Runnable action) {}

    /** One end with what it has to send, and what it should get. */
    private final class End {
        final TunnelEnd tunnel = new TunnelEnd(new WindowBudget(WindowBudget.LINK));
        final byte[] toSend = new byte[random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(MOST_BYTES)];
        final int station;
        final boolean up;
        int written;
        boolean finished;
        Buffer got = Buffer.buffer();
        SimulatedPath path;
        long pause = random.nextInt(3) == 0 ? 20 * MILLI : 0; // a slow consumer

        End(int station) {
            this.station = station;
            this.up = station == SimulatedPath.USER;
            random.nextBytes(toSend);
        }

        /** The local connection has more to read. */
        void produce() {
            if (!tunnel.isFull() && written < toSend.length) {
                int count = Math.min(toSend.length - written, 1 + random.nextInt(60_000));
                tunnel.write(Buffer.buffer(java.util.Arrays.copyOfRange(toSend, written, written + count)));
                written += count;
                pump();
            }
            if (written == toSend.length && !finished) {
                finished = true;
                tunnel.finish();
                pump();
            } else {
                after(delay(), this::produce);
            }
        }

        void consume() {
            tunnel.deliver().ifPresent(got::appendBuffer);
            tell();
            doneIfDone();
            if (!tunnel.isDelivered()) {
                after(delay() + pause, this::consume);
            }
        }

        void pump() {
            while (tunnel.hasNext()) {
                path.send(
                        station,
                        up,
                        new SimulatedPath.Data(
                                tunnel.next(1 + random.nextInt(60_000)).orElseThrow()));
            }
        }

        void tell() {
            tunnel.tell(now).ifPresent(window -> path.send(station, up, new SimulatedPath.Told(window)));
        }
    }

    final Random random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private final WindowBudget budget;
    private final End user;
    private final End agent;
    private long now = SECOND;
    private long planned;
    private final long faultsUntil;
    private boolean userDone;
    int attachments;
    int cuts;

    Simulation(long seed) {
        random = new Random(seed);
        budget = new WindowBudget(random.nextInt(3) == 0 ? 100_000 : WindowBudget.LINK);
        user = new End(SimulatedPath.USER);
        agent = new End(SimulatedPath.AGENT);
        faultsUntil = now + random.nextInt(3) * SECOND;
    }

    /** Until both ends are done; then what came is what was sent. */
    void run() {
        attach();
        after(delay(), user::produce);
        after(delay(), agent::produce);
        after(delay(), user::consume);
        after(delay(), agent::consume);
        fault();
        while (!(userDone && agent.tunnel.isDelivered())) {
            Event next = events.poll();
            if (next == null || now > faultsUntil + 600 * SECOND) {
                throw new AssertionError("stuck at " + now + ": user has " + user.got.length() + " of "
                        + agent.toSend.length + ", agent " + agent.got.length() + " of " + user.toSend.length);
            }
            now = next.at;
            next.action.run();
        }
        require(user.got, agent.toSend, "to the user");
        require(agent.got, user.toSend, "to the agent");
    }

    private static void require(Buffer got, byte[] sent, String where) {
        if (!java.util.Arrays.equals(got.getBytes(), sent)) {
            throw new AssertionError(where + ": " + got.length() + " bytes that are not the " + sent.length + " sent");
        }
    }

    /** OPEN, or RESUME on another path. */
    private void attach() {
        attachments++;
        user.path = new SimulatedPath(this, attachments);
        user.path.send(
                SimulatedPath.USER,
                true,
                new SimulatedPath.Ask(attachments, user.tunnel.received(), user.tunnel.limit()));
    }

    private void fault() {
        after(delay() * 20, () -> {
            if (now < faultsUntil) {
                cuts++;
                if (random.nextBoolean()) {
                    user.path.cut(random.nextInt(SimulatedPath.AGENT));
                } else {
                    user.path.crash(1 + random.nextInt(2));
                }
                fault();
            }
        });
    }

    /** The end has lost the path. */
    void lost(SimulatedPath path, int station) {
        End end = station == SimulatedPath.USER ? user : agent;
        if (end.path != path || userDone) {
            return; // an older attachment
        }
        end.tunnel.detach();
        if (end == user) {
            after(delay(), () -> {
                if (user.path == path) {
                    attach();
                }
            });
        }
    }

    void arrived(SimulatedPath path, int station, SimulatedPath.Message message) {
        End end = station == SimulatedPath.USER ? user : agent;
        if (message instanceof SimulatedPath.Ask ask) {
            if (agent.path == null || ask.attachment() > agent.path.attachment) {
                agent.tunnel.detach();
                agent.path = path;
                path.send(station, false, new SimulatedPath.Answer(agent.tunnel.received(), agent.tunnel.limit()));
                attached(agent, ask.consumed(), ask.limit());
            }
            return;
        }
        if (end.path != path) {
            return; // of an older attachment
        }
        try {
            switch (message) {
                case SimulatedPath.Answer answer -> attached(end, answer.consumed(), answer.limit());
                case SimulatedPath.Data data -> {
                    if (end.tunnel.isAttached()) {
                        end.tunnel.data(data.payload());
                        end.tell();
                    }
                }
                case SimulatedPath.Told told -> {
                    if (end.tunnel.isAttached()) {
                        end.tunnel.window(told.window(), now);
                        end.tell();
                        end.pump();
                    }
                }
                case SimulatedPath.Lost lost -> lost(path, station);
                case SimulatedPath.Done done -> end.tunnel.detach();
                case SimulatedPath.Ask ask -> throw new AssertionError("handled above");
            }
        } catch (ProtocolException e) {
            throw new AssertionError("station " + station, e);
        }
        doneIfDone();
    }

    private void doneIfDone() {
        if (user.tunnel.isDone() && user.tunnel.isAttached() && !userDone) {
            userDone = true;
            user.path.send(SimulatedPath.USER, true, new SimulatedPath.Done());
        }
    }

    private void attached(End end, long consumed, long limit) {
        try {
            end.tunnel.attach(consumed, limit);
        } catch (ProtocolException e) {
            throw new AssertionError("station " + end.station, e);
        }
        end.pump();
        end.tell();
    }

    WindowBudget budget() {
        return budget;
    }

    long now() {
        return now;
    }

    long delay() {
        double share = random.nextDouble();
        return (long) (5 * MILLI * share * share * share);
    }

    void after(long nanos, Runnable action) {
        at(now + nanos, action);
    }

    void at(long time, Runnable action) {
        events.add(new Event(time, planned++, action));
    }
}
