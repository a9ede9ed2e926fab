package dev.gatehouse.agent.source.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.gatehouse.agent.spool.Spool;
import dev.gatehouse.agent.spool.SpoolLimits;
import dev.gatehouse.agent.spool.StreamView;
import dev.gatehouse.protocol.stream.Chunk;
import io.vertx.core.buffer.Buffer;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file longer than the heap and the spool together. With {@code -Dgatehouse.watch.bytes=10737418240}: 10 GB. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class LongFileIT {

    private static final long BYTES = Long.getLong("gatehouse.watch.bytes", 200L << 20);

    @TempDir
    private Path folder;

    @Test
    void goesThroughInConstantMemory() throws Exception {
        Path watched = Files.createDirectory(folder.resolve("watched"));
        try (RandomAccessFile sparse =
                new RandomAccessFile(watched.resolve("long.bin").toFile(), "rw")) {
            sparse.setLength(BYTES);
        }
        Process child = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx48m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Capturing.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(said).isZero();
        assertThat(said).contains("whole " + BYTES);
    }

    /** The child: captures, and takes away what is there. */
    static final class Capturing {
        public static void main(String[] args) throws Exception {
            Path folder = Path.of(args[0]);
            try (Spool spool = Spool.open(folder.resolve("spool"), new SpoolLimits(8 << 20, 0));
                    WatchSource watch = new WatchSource(
                            new WatchSettings(List.of(folder.resolve("watched").toString()), List.of()), spool)) {
                watch.start();
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                long length = 0;
                while (true) {
                    for (StreamView stream : spool.streams()) {
                        for (long i = stream.acked(); i < stream.synced(); i++) {
                            Optional<Buffer> payload = spool.read(stream.info().id(), i);
                            Chunk chunk = Chunk.decode(payload.orElseThrow());
                            digest.update(Zstd.decompress(chunk.bytes().getBytes(), chunk.plainLength()));
                            length += chunk.plainLength();
                            if (chunk.fin().isPresent()) {
                                byte[] hash = chunk.fin().get().sha256().getBytes();
                                System.out.println(
                                        (MessageDigest.isEqual(hash, digest.digest()) ? "whole " : "wrong ") + length);
                                return;
                            }
                        }
                        spool.acked(stream.info().id(), stream.synced());
                    }
                    Thread.onSpinWait();
                }
            }
        }
    }
}
