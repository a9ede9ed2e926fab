package dev.gatehouse.agent.source;

import com.github.luben.zstd.Zstd;
import dev.gatehouse.agent.spool.Spool;
import dev.gatehouse.agent.spool.StreamView;
import dev.gatehouse.protocol.message.Event;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import dev.gatehouse.protocol.wire.ProtocolException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a spool holds, for tests to look at. */
public final class Spooled {

    private Spooled() {}

    public static List<StreamView> files(Spool spool, String name) {
        return spool.streams().stream()
                .filter(stream -> stream.info().kind() == StreamKind.FILE
                        && stream.info().name().equals(name))
                .toList();
    }

    public static List<Event> events(Spool spool) {
        List<Event> events = new ArrayList<>();
        for (StreamView stream : spool.streams()) {
            if (stream.info().kind() == StreamKind.EVENTS) {
                ByteArrayInputStream in = new ByteArrayInputStream(content(spool, stream));
                try {
                    for (Event e = Event.parseDelimitedFrom(in); e != null; e = Event.parseDelimitedFrom(in)) {
                        events.add(e);
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        }
        return events;
    }

    public static List<String> lines(Spool spool) {
        return events(spool).stream().map(Event::getText).toList();
    }

    public static List<Chunk> chunks(Spool spool, StreamView stream) {
        List<Chunk> chunks = new ArrayList<>();
        for (long i = stream.acked(); i < stream.synced(); i++) {
            try {
                chunks.add(Chunk.decode(spool.read(stream.info().id(), i).orElseThrow()));
            } catch (ProtocolException e) {
                throw new AssertionError(e);
            }
        }
        return chunks;
    }

    public static byte[] content(Spool spool, StreamView stream) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (Chunk chunk : chunks(spool, stream)) {
            byte[] bytes = chunk.bytes().getBytes();
            content.writeBytes(chunk.codec() == Codec.ZSTD ? Zstd.decompress(bytes, chunk.plainLength()) : bytes);
        }
        return content.toByteArray();
    }
}
