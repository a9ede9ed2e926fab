package dev.gatehouse.bench.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class SlowRelayTest {

    private static final int LATENCY_MILLIS = 40;

    @Test
    void answersComeLaterWholeAndInOrder(Vertx vertx) throws Exception {
        // GIVEN a server that answers each request with 300 kB and then hangs up, behind a slow relay
        Buffer answer = Buffer.buffer();
        for (int i = 0; i < 75_000; i++) {
            answer.appendInt(i);
        }
        int server = vertx.createNetServer()
                .connectHandler(socket -> socket.handler(request -> socket.end(answer)))
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
        int port = SlowRelay.start(vertx, "http://127.0.0.1:" + server, LATENCY_MILLIS);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                OutputStream out = socket.getOutputStream();
                InputStream in = socket.getInputStream()) {
            socket.setSoTimeout(30_000);
            long asked = System.nanoTime();
            // WHEN it is asked
            out.write(1);
            byte[] received = in.readAllBytes();
            // THEN all of it is there, not earlier than the relay allows, and the end too
            assertThat(received).isEqualTo(answer.getBytes());
            assertThat(System.nanoTime() - asked).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(LATENCY_MILLIS));
        }
    }
}
