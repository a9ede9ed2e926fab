package dev.gatehouse.e2e.tunnel;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A TCP server behind an agent. */
final class Target implements AutoCloseable {

    private final ServerSocket server;
    private final Consumer<Socket> behaviour;
    final AtomicInteger connections = new AtomicInteger();

    private Target(Consumer<Socket> behaviour) {
        this.behaviour = behaviour;
        try {
            server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** Does this with each connection, which is closed afterwards. */
    static Target that(Behaviour behaviour) {
        return new Target(socket -> {
            try (socket) {
                behaviour.with(socket);
            } catch (IOException broken) {
                // a user may break any connection
            }
        });
    }

    @FunctionalInterface
    interface Behaviour {
        void with(Socket socket) throws IOException;
    }

    /** Sends back what comes, until it ends. */
    static Target echo() {
        return that(socket -> {
            socket.getInputStream().transferTo(socket.getOutputStream());
            socket.shutdownOutput();
        });
    }

    /** Is told in 16 bytes which bytes to send; sends them and half-closes, whatever still comes; notes the digest of that. */
    static Target halfClosing(Map<Long, String> digests) {
        return that(socket -> {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            long seed = in.readLong();
            long count = in.readLong();
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    Bytes.write(socket.getOutputStream(), seed, count);
                    socket.shutdownOutput();
                } catch (IOException broken) {
                    digests.put(seed, broken.toString());
                }
            });
            String digest = Bytes.read(in);
            join(sender);
            digests.putIfAbsent(seed, digest);
        });
    }

    static Map<Long, String> digests() {
        return new ConcurrentHashMap<>();
    }

    static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> behaviour.accept(socket));
            } catch (IOException closed) {
                // the end
            }
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
