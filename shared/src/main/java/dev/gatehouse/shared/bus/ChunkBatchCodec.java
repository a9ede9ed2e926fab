package dev.gatehouse.shared.bus;

import dev.gatehouse.protocol.wire.Frame;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link ChunkBatch} as bytes, big-endian:
 * <pre>
 * version u8 = 1 | sender | number i64 | count i32 | count × (stream 16 bytes | length i32 | payload)
 * sender: node id length u8, UTF-8 | instance i32 | epoch i64
 * </pre>
 */
final class ChunkBatchCodec extends LocalCodec<ChunkBatch> {

    static final int VERSION = 1;

    /** A chunk has a header, so that a batch of the largest size cannot hold more of them. */
    static final int MAX_ITEMS = ChunkBatch.MAX_BYTES / 48;

    private static final int ITEM_HEADER = 20;

    ChunkBatchCodec() {
        super(ChunkBatch.class);
    }

    @Override
    public void encodeToWire(Buffer bytes, ChunkBatch batch) {
        bytes.appendUnsignedByte((short) VERSION);
        appendSender(bytes, batch.sender());
        bytes.appendLong(batch.number()).appendInt(batch.chunks().size());
        for (ChunkBatch.Item item : batch.chunks()) {
            WireReader.appendUuid(bytes, item.streamId());
            bytes.appendInt(item.payload().length()).appendBuffer(item.payload());
        }
    }

    @Override
    ChunkBatch read(int position, Buffer bytes) {
        WireReader in = new WireReader(position, bytes);
        version(in);
        ChunkBatch.Sender sender = sender(in);
        long number = in.i64();
        int count = in.count("chunk count", MAX_ITEMS);
        List<ChunkBatch.Item> items = new ArrayList<>(Math.min(count, (bytes.length() - position) / ITEM_HEADER));
        long total = 0;
        for (int i = 0; i < count; i++) {
            ChunkBatch.Item item = new ChunkBatch.Item(in.uuid(), in.bytes("payload", Frame.MAX_PAYLOAD));
            total += item.payload().length();
            items.add(item);
        }
        if (total > ChunkBatch.MAX_BYTES) {
            throw new MalformedMessageException(
                    "batch with " + total + " bytes of payloads; at most " + ChunkBatch.MAX_BYTES + " are allowed");
        }
        in.end();
        return new ChunkBatch(sender, number, List.copyOf(items));
    }

    static void version(WireReader in) {
        int version = in.u8();
        if (version != VERSION) {
            throw new MalformedMessageException("version " + version + "; " + VERSION + " is known");
        }
    }

    static void appendSender(Buffer bytes, ChunkBatch.Sender sender) {
        WireReader.appendText(bytes, sender.nodeId());
        bytes.appendInt(sender.instance()).appendLong(sender.epoch());
    }

    static ChunkBatch.Sender sender(WireReader in) {
        return new ChunkBatch.Sender(in.text(), in.i32(), in.i64());
    }
}
