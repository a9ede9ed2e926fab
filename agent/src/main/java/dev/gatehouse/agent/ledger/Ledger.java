package dev.gatehouse.agent.ledger;

import dev.gatehouse.agent.spool.Spool;
import dev.gatehouse.agent.spool.StreamView;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What was acknowledged, for others to hold against what is stored: a line of JSON for each chunk, {@code {stream, sequence, sha256, bytes, time}}. The SHA-256 is over the chunk's bytes as sent.
 *
 * <p>A line is written before the spool forgets its chunk; what is acknowledged again after a crash is not written again. Confined to one thread.
 */
public final class Ledger implements AutoCloseable {

    private final Spool spool;
    private final FileChannel file;
    private final Map<String, Long> written =
            new HashMap<>(); // of streams that are still in the spool: the next number

    private Ledger(Spool spool, FileChannel file) {
        this.spool = spool;
        this.file = file;
    }

    public static Ledger open(Path path, Spool spool) throws IOException {
        Set<String> open = spool.streams().stream()
                .map(stream -> stream.alias().id().toString())
                .collect(Collectors.toSet());
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Ledger ledger = new Ledger(spool, file);
        long whole = 0;
        try (BufferedReader lines = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Optional<JsonObject> json = parse(line);
                long end = whole + line.getBytes(StandardCharsets.UTF_8).length + 1;
                if (json.isEmpty() || end > file.size()) {
                    break; // torn when the agent was last stopped
                }
                whole = end;
                String stream = json.get().getString("stream");
                if (open.contains(stream)) {
                    ledger.written.merge(stream, json.get().getLong("sequence") + 1, Math::max);
                }
            }
        }
        file.truncate(whole);
        file.position(whole);
        return ledger;
    }

    /** Notes the chunks from the first that the spool still has, up to {@code next} (number in the spool). */
    public void acked(StreamView stream, long next) throws IOException {
        String id = stream.alias().id().toString();
        long base = stream.alias().base();
        long from = Math.max(stream.acked(), base + written.getOrDefault(id, 0L));
        StringBuilder lines = new StringBuilder();
        for (long sequence = from; sequence < next; sequence++) {
            Optional<Buffer> payload = spool.read(stream.info().id(), sequence);
            if (payload.isPresent()) {
                lines.append(line(id, payload.get())).append('\n');
            }
            if (lines.length() > 1 << 16 || sequence + 1 == next) {
                write(lines.toString());
                lines.setLength(0);
                written.merge(id, sequence + 1 - base, Math::max);
            }
        }
        if (stream.finished() && next >= stream.next()) {
            written.remove(id);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void write(String lines) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8));
        long whole = file.position();
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(false);
        } catch (IOException e) {
            file.truncate(whole); // no torn line in the middle: they are all written again
            file.position(whole);
            throw e;
        }
    }

    private static String line(String stream, Buffer payload) throws IOException {
        try {
            Chunk chunk = Chunk.decode(payload);
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(chunk.bytes().getBytes());
            return new JsonObject()
                    .put("stream", stream)
                    .put("sequence", chunk.sequence())
                    .put("sha256", HexFormat.of().formatHex(hash))
                    .put("bytes", chunk.bytes().length())
                    .put("time", Instant.now().toString())
                    .encode();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        } catch (ProtocolException e) {
            throw new IOException("chunk of stream " + stream + " can't be read back", e);
        }
    }

    private static Optional<JsonObject> parse(String line) {
        try {
            JsonObject json = new JsonObject(line);
            return json.getString("stream") != null && json.getLong("sequence") != null
                    ? Optional.of(json)
                    : Optional.empty();
        } catch (DecodeException | ClassCastException e) {
            return Optional.empty();
        }
    }
}
