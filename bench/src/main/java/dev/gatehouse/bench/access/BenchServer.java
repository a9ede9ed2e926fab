package dev.gatehouse.bench.access;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** What is behind the agent: the first byte of a connection says what it does. */
final class BenchServer implements AutoCloseable {

    /** It sends as much as goes through. */
    static final int SEND = 's';

    /** It reads all. */
    static final int READ = 'r';

    /** It sends back each byte. */
    static final int ECHO = 'e';

    static final int CHUNK = 256 * 1024;

    private final ServerSocket server;

    BenchServer() throws IOException {
        server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("bench-server").start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            } catch (IOException closed) {
                // the end
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            byte[] bytes = new byte[CHUNK];
            switch (in.read()) {
                case SEND -> {
                    while (!socket.isClosed()) {
                        out.write(bytes);
                    }
                }
                case READ -> in.transferTo(OutputStream.nullOutputStream());
                case ECHO -> {
                    int count = in.read(bytes);
                    while (count >= 0) {
                        out.write(bytes, 0, count);
                        count = in.read(bytes);
                    }
                }
                default -> {} // the client has gone
            }
        } catch (IOException gone) {
            // the client has what it wanted
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
