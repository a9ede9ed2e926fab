package dev.gatehouse.e2e.balancer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A name server on loopback that knows the IPv4 addresses it is told. Answers on a thread of its own until it is closed. */
final class Names implements AutoCloseable {

    private static final int MAX_QUERY = 4096;
    private static final int HEADER = 12;
    private static final short TYPE_A = 1;
    private static final short CLASS_IN = 1;
    private static final int TTL_SECONDS = 1;

    private final DatagramSocket socket;
    private final Map<String, List<String>> addresses = new ConcurrentHashMap<>();

    Names() throws SocketException {
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofPlatform().daemon().name("names").start(this::serve);
    }

    int port() {
        return socket.getLocalPort();
    }

    void set(String name, String... to) {
        addresses.put(name, List.of(to));
    }

    private void serve() {
        byte[] bytes = new byte[MAX_QUERY];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
            try {
                socket.receive(packet);
                byte[] answer = answer(ByteBuffer.wrap(bytes, 0, packet.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (SocketException closed) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** RFC 1035, one question: its records of type A; none of other types. */
    private byte[] answer(ByteBuffer query) {
        short id = query.getShort();
        query.position(HEADER);
        StringBuilder name = new StringBuilder();
        for (int length = query.get(); length > 0; length = query.get()) {
            byte[] label = new byte[length];
            query.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        short type = query.getShort();
        int questionEnd = query.position() + Short.BYTES;
        List<String> found = type == TYPE_A
                ? addresses.getOrDefault(name.toString().toLowerCase(Locale.ROOT), List.of())
                : List.of();
        ByteBuffer answer = ByteBuffer.allocate(MAX_QUERY);
        answer.putShort(id)
                .putShort((short) 0x8580) // an answer, authoritative
                .putShort((short) 1)
                .putShort((short) found.size())
                .putInt(0)
                .put(query.slice(HEADER, questionEnd - HEADER));
        for (String address : found) {
            answer.putShort((short) 0xc00c) // the name of the question
                    .putShort(TYPE_A)
                    .putShort(CLASS_IN)
                    .putInt(TTL_SECONDS)
                    .putShort((short) 4);
            for (String part : address.split("\\.", -1)) {
                answer.put((byte) Integer.parseInt(part));
            }
        }
        byte[] bytes = new byte[answer.flip().remaining()];
        answer.get(bytes);
        return bytes;
    }

    @Override
    public void close() {
        socket.close();
    }
}
