package dev.gatehouse.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import redis.embedded.RedisServer;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/** The one program that is a Redis or a Sentinel. */
public final class RedisProgram {

    private static final int ANSWER_MILLIS = 1000;

    private RedisProgram() {}

    /** Its file, unpacked where all of this user's JVMs unpack theirs. */
    public static Path file() {
        try {
            return unpacked(Binaries.defaultCache());
        } catch (IOException e) {
            throw new EmbeddedException("Redis cannot be unpacked: " + e.getMessage(), e);
        }
    }

    /** @param binaries where it is unpacked to */
    static Path unpacked(Path binaries) throws IOException {
        String resource = ExecutableProvider.newProvidedVersionsMap().get(OsArchitecture.detectOSandArchitecture());
        if (resource == null) {
            throw new EmbeddedException("no embedded Redis for this system: " + System.getProperty("os.arch"));
        }
        String name = resource.substring(resource.lastIndexOf('/') + 1);
        return new Binaries(binaries).program(name, RedisServer.class, resource.replaceFirst("^/", ""));
    }

    /** Whether it answers a PING; with TLS, whether it listens, which it does not before it can answer. */
    static boolean answers(int port, boolean tls, Optional<String> password) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ANSWER_MILLIS);
            if (tls) {
                return true;
            }
            socket.setSoTimeout(ANSWER_MILLIS);
            String auth = password.map(text -> "AUTH " + text + "\r\n").orElse("");
            socket.getOutputStream().write((auth + "PING\r\n").getBytes(StandardCharsets.UTF_8));
            String wanted = password.map(text -> "+OK\r\n").orElse("") + "+PONG\r\n";
            return new String(socket.getInputStream().readNBytes(wanted.length()), StandardCharsets.UTF_8)
                    .equals(wanted);
        } catch (IOException e) {
            return false;
        }
    }
}
