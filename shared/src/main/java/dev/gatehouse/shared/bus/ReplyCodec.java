package dev.gatehouse.shared.bus;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/** {@link ChunkBatch.Reply} as a byte. */
final class ReplyCodec extends LocalCodec<ChunkBatch.Reply> {

    /** A reply's code is its place here, which never changes. */
    private static final List<ChunkBatch.Reply> REPLIES =
            List.of(ChunkBatch.Reply.ACCEPTED, ChunkBatch.Reply.BUSY, ChunkBatch.Reply.MOVED);

    ReplyCodec() {
        super(ChunkBatch.Reply.class);
    }

    @Override
    public void encodeToWire(Buffer bytes, ChunkBatch.Reply reply) {
        bytes.appendUnsignedByte((short) REPLIES.indexOf(reply));
    }

    @Override
    ChunkBatch.Reply read(int position, Buffer bytes) {
        WireReader in = new WireReader(position, bytes);
        int code = in.u8();
        in.end();
        if (code >= REPLIES.size()) {
            throw new MalformedMessageException("reply " + code + "; 0 to " + (REPLIES.size() - 1) + " are known");
        }
        return REPLIES.get(code);
    }
}
