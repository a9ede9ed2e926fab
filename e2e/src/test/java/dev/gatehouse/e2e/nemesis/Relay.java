package dev.gatehouse.e2e.nemesis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The way to a server over a network that may lose one direction or both, or be slow. What it does not carry it keeps, as TCP would send it again; whoever is at an end hears nothing of it, neither that the other end has
 * closed. A connection that is made while it is cut gets nowhere. Thread-safe.
 */
final class Relay implements AutoCloseable {

    /** To the server, and from it. */
    enum Direction {
        THERE,
        BACK
    }

    private static final int BACKLOG = 1_024;
    private static final int PIECE = 16 * 1024;

    private final int target;
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Direction> cut = EnumSet.noneOf(Direction.class);
    private Duration delay = Duration.ZERO;

    /**
     * @param port where it listens on the loopback interface; 0: any
     * @param target port on the loopback interface; nothing needs to listen there yet
     */
    Relay(String name, int port, int target) {
        this.target = target;
        try {
            server = new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name(name).start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** @param directions in which nothing is carried from now on */
    void cut(Set<Direction> directions) {
        change(directions, delay);
    }

    /** @param held how long each piece is held back from now on */
    void slow(Duration held) {
        change(Set.of(), held);
    }

    void heal() {
        change(Set.of(), Duration.ZERO);
    }

    private void change(Set<Direction> directions, Duration held) {
        lock.lock();
        try {
            cut.clear();
            cut.addAll(directions);
            delay = held;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                open.add(near);
                Thread.ofVirtual().start(() -> join(near));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void join(Socket near) {
        try {
            for (Direction each : Direction.values()) {
                pass(each);
            }
            Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(far);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> carry(near, far, Direction.THERE));
            carry(far, near, Direction.BACK);
        } catch (IOException | InterruptedException e) {
            close(near); // refused
        }
    }

    private void carry(Socket from, Socket to, Direction direction) {
        byte[] piece = new byte[PIECE];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = read(in, piece); length >= 0; length = read(in, piece)) {
                pass(direction);
                out.write(piece, 0, length);
            }
            pass(direction); // the end is news, too
        } catch (IOException e) {
            // the other end has gone while it was written to
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close(from);
        close(to);
    }

    private static int read(InputStream in, byte[] piece) {
        try {
            return in.read(piece);
        } catch (IOException reset) {
            return -1;
        }
    }

    /** Returns when what goes in that direction may pass. */
    private void pass(Direction direction) throws InterruptedException {
        Duration held;
        lock.lock();
        try {
            while (cut.contains(direction)) {
                changed.await();
            }
            held = delay;
        } finally {
            lock.unlock();
        }
        Thread.sleep(held);
    }

    private void close(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // gone either way
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        open.forEach(this::close);
        heal();
    }
}
