package dev.gatehouse.e2e.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Between a client and a server, both here. */
@Timeout(60)
class RelayIT {

    /** Long enough to notice what is carried, and only waited for where nothing is. */
    private static final int SILENCE_MILLIS = 300;

    private ServerSocket server;
    private Relay relay;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        relay = new Relay("test", 0, server.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        relay.close();
        server.close();
    }

    @Test
    void whatIsHeldBackOneWayComesWhenTheWayIsWholeAgain() throws Exception {
        try (Socket client = dial();
                Socket served = server.accept()) {
            say(client, 1);
            assertThat(served.getInputStream().read()).isEqualTo(1);
            // GIVEN a way on which nothing gets to the server
            relay.cut(Set.of(Relay.Direction.THERE));
            say(client, 2);
            assertSilent(served);
            // THEN what the server says is heard
            say(served, 3);
            assertThat(client.getInputStream().read()).isEqualTo(3);
            // WHEN it is whole again THEN nothing was lost
            relay.heal();
            assertThat(served.getInputStream().read()).isEqualTo(2);
        }
    }

    @Test
    void whileItIsCutNobodyHearsOfAnEndOrGetsThrough() throws Exception {
        try (Socket client = dial()) {
            Socket served = server.accept();
            say(client, 1);
            assertThat(served.getInputStream().read()).isEqualTo(1);
            relay.cut(EnumSet.allOf(Relay.Direction.class));
            served.close();
            assertSilent(client);
            try (Socket another = dial()) {
                say(another, 7);
                server.setSoTimeout(SILENCE_MILLIS);
                assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
                server.setSoTimeout(0);
                relay.heal();
                assertThat(client.getInputStream().read()).isEqualTo(-1);
                try (Socket late = server.accept()) {
                    assertThat(late.getInputStream().read()).isEqualTo(7);
                }
            }
        }
    }

    @Test
    void whereNobodyListensADialIsClosed() throws Exception {
        server.close();
        try (Socket client = dial()) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    private Socket dial() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), relay.port());
    }

    private static void say(Socket socket, int what) throws IOException {
        socket.getOutputStream().write(what);
    }

    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(SILENCE_MILLIS);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(0);
    }
}
