package dev.gatehouse.bench.access;

import dev.gatehouse.bench.target.BenchException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;

/** Connections to one local port, which leads to a {@link BenchServer}, directly or not. */
final class Streams {

    private static final int WARM_UP_MILLIS = 1_500;
    private static final int PAUSE_MICROS = 200;

    private final int port;
    private final int seconds;

    Streams(int port, int seconds) {
        this.port = port;
        this.seconds = seconds;
    }

    /** A connection and what it is for. */
    private Socket open(int what) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.getOutputStream().write(what);
        return socket;
    }

    /** Bytes a second from the server (down) or to it. */
    double bytesPerSecond(int streams, boolean down) throws BenchException, InterruptedException {
        LongAdder bytes = new LongAdder();
        List<Socket> open = bulk(streams, down, bytes);
        try {
            TimeUnit.MILLISECONDS.sleep(WARM_UP_MILLIS);
            long before = bytes.sum();
            long begun = System.nanoTime();
            TimeUnit.SECONDS.sleep(seconds);
            return (bytes.sum() - before) * 1e9 / (System.nanoTime() - begun);
        } finally {
            close(open);
        }
    }

    private List<Socket> bulk(int streams, boolean down, LongAdder bytes) throws BenchException {
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < streams; i++) {
                Socket socket = open(down ? BenchServer.SEND : BenchServer.READ);
                open.add(socket);
                Thread.ofPlatform().daemon().start(() -> run(socket, down, bytes));
            }
            return open;
        } catch (IOException e) {
            close(open);
            throw new BenchException("a stream", e);
        }
    }

    private static void run(Socket socket, boolean down, LongAdder bytes) {
        byte[] chunk = new byte[BenchServer.CHUNK];
        try {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            while (!socket.isClosed()) {
                int count = chunk.length;
                if (down) {
                    count = in.read(chunk);
                } else {
                    out.write(chunk);
                }
                bytes.add(Math.max(0, count));
            }
        } catch (IOException over) {
            // closed by the measurement
        }
    }

    /** Round trips of one byte, in microseconds; beside so many streams from the server. */
    JsonObject roundTrips(int beside) throws BenchException, InterruptedException {
        List<Socket> open = beside == 0 ? List.of() : bulk(beside, true, new LongAdder());
        Histogram micros = new Histogram(3);
        try (Socket socket = open(BenchServer.ECHO)) {
            long begun = System.nanoTime();
            long end = begun + TimeUnit.MILLISECONDS.toNanos(WARM_UP_MILLIS) + TimeUnit.SECONDS.toNanos(seconds);
            while (System.nanoTime() - end < 0) {
                long at = System.nanoTime();
                socket.getOutputStream().write(1);
                if (socket.getInputStream().read() < 0) {
                    throw new IOException("the connection has ended");
                }
                long now = System.nanoTime();
                if (now - begun > TimeUnit.MILLISECONDS.toNanos(WARM_UP_MILLIS)) {
                    micros.recordValue((now - at) / 1_000);
                }
                TimeUnit.MICROSECONDS.sleep(PAUSE_MICROS);
            }
        } catch (IOException e) {
            throw new BenchException("round trips", e);
        } finally {
            close(open);
        }
        return new JsonObject().put("p50", micros.getValueAtPercentile(50)).put("p99", micros.getValueAtPercentile(99));
    }

    /** Connections a second that are opened, carry a byte there and back, and are closed. */
    double sessionsPerSecond(int atOnce) throws BenchException, InterruptedException {
        LongAdder done = new LongAdder();
        LongAdder failed = new LongAdder();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < atOnce; i++) {
            workers.add(Thread.ofPlatform().daemon().start(() -> {
                while (System.nanoTime() - end < 0) {
                    try (Socket socket = open(BenchServer.ECHO)) {
                        socket.getOutputStream().write(1);
                        (socket.getInputStream().read() == 1 ? done : failed).increment();
                    } catch (IOException e) {
                        failed.increment();
                    }
                }
            }));
        }
        for (Thread worker : workers) {
            worker.join();
        }
        if (failed.sum() > 0) {
            throw new BenchException(failed.sum() + " of " + done.sum() + " connections failed");
        }
        return done.sum() / (double) seconds;
    }

    private static void close(List<Socket> open) {
        open.forEach(socket -> {
            try {
                socket.close();
            } catch (IOException gone) {
                // as wanted
            }
        });
    }
}
