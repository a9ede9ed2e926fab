package dev.gatehouse.shared.bus;

import dev.gatehouse.protocol.wire.Frame;
import io.vertx.core.buffer.Buffer;

/** {@link StreamOpening} as bytes: {@code version u8 = 1 | sender | agent 16 bytes | length i32 | StreamOpen}. */
final class StreamOpeningCodec extends LocalCodec<StreamOpening> {

    StreamOpeningCodec() {
        super(StreamOpening.class);
    }

    @Override
    public void encodeToWire(Buffer bytes, StreamOpening opening) {
        bytes.appendUnsignedByte((short) ChunkBatchCodec.VERSION);
        ChunkBatchCodec.appendSender(bytes, opening.sender());
        WireReader.appendUuid(bytes, opening.agentId());
        bytes.appendInt(opening.open().length()).appendBuffer(opening.open());
    }

    @Override
    StreamOpening read(int position, Buffer bytes) {
        WireReader in = new WireReader(position, bytes);
        ChunkBatchCodec.version(in);
        StreamOpening opening =
                new StreamOpening(ChunkBatchCodec.sender(in), in.uuid(), in.bytes("StreamOpen", Frame.MAX_PAYLOAD));
        in.end();
        return opening;
    }
}
