package dev.gatehouse.ingest.index;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatehouse.protocol.message.Event;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Unpacks a chunk of events. What it unpacks to is known and bounded before anything is unpacked. Pure; thread-safe. */
final class EventDecoder {

    /** Events of one chunk: {@link Chunk#MAX_PLAIN} holds no more of any use. */
    static final int MAX_EVENTS = 64 * 1024;

    private EventDecoder() {}

    /** Whose events they are. */
    record Origin(UUID streamId, UUID agentId, String subject) {}

    /**
     * @param durableAt microseconds since the epoch, for events without a usable time
     */
    static List<IndexedEvent> decode(Origin origin, Buffer payload, long durableAt) throws DamagedChunkException {
        try {
            Chunk chunk = Chunk.decode(payload);
            return events(origin, chunk.sequence(), plain(chunk), durableAt);
        } catch (ProtocolException e) {
            throw new DamagedChunkException(e.getMessage());
        }
    }

    private static byte[] plain(Chunk chunk) throws DamagedChunkException {
        byte[] packed = chunk.bytes().getBytes();
        if (chunk.codec() == Codec.NONE) {
            if (packed.length != chunk.plainLength()) {
                throw new DamagedChunkException(packed.length + " bytes; " + chunk.plainLength() + " were announced");
            }
            return packed;
        }
        byte[] plain = new byte[chunk.plainLength()]; // at most Chunk.MAX_PLAIN, whatever the packed bytes would like
        long length;
        try {
            length = Zstd.decompressByteArray(plain, 0, plain.length, packed, 0, packed.length);
        } catch (ZstdException e) {
            throw new DamagedChunkException("cannot be unpacked: " + e.getMessage());
        }
        if (length != plain.length) {
            throw new DamagedChunkException("unpacks to " + length + " bytes; " + plain.length + " were announced");
        }
        return plain;
    }

    private static List<IndexedEvent> events(Origin origin, long sequence, byte[] plain, long durableAt)
            throws DamagedChunkException {
        List<IndexedEvent> events = new ArrayList<>();
        CodedInputStream input = CodedInputStream.newInstance(plain);
        try {
            while (!input.isAtEnd()) {
                if (events.size() == MAX_EVENTS) {
                    throw new DamagedChunkException("more than " + MAX_EVENTS + " events");
                }
                int outer = input.pushLimit(input.readRawVarint32());
                Event event = Event.parseFrom(input);
                input.checkLastTagWas(0);
                input.popLimit(outer);
                events.add(row(origin, sequence, events.size(), event, durableAt));
            }
            return events;
        } catch (InvalidProtocolBufferException e) {
            throw new DamagedChunkException("event " + events.size() + " cannot be decoded: " + e.getMessage());
        } catch (IOException e) {
            throw new DamagedChunkException(e.toString());
        }
    }

    private static IndexedEvent row(Origin origin, long sequence, int index, Event event, long durableAt) {
        return new IndexedEvent(
                EventFields.time(event, durableAt),
                origin.streamId(),
                sequence,
                index,
                origin.agentId(),
                EventFields.text(event.getUser().isEmpty() ? origin.subject() : event.getUser(), EventFields.KEY),
                EventFields.text(event.getKind(), EventFields.KIND),
                EventFields.text(event.getApplication(), EventFields.KEY),
                EventFields.text(event.getTitle(), EventFields.TITLE),
                EventFields.text(event.getText(), EventFields.TEXT),
                EventFields.attributes(event),
                EventFields.duration(event));
    }
}
