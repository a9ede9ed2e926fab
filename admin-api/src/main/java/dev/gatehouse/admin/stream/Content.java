package dev.gatehouse.admin.stream;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import dev.gatehouse.protocol.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** What a chunk unpacks to. Pure. */
final class Content {

    private Content() {}

    /** The content of a CHUNK's payload, of the length that it says; empty if it cannot be unpacked. Never more than {@link Chunk#MAX_PLAIN} bytes, whatever is packed. */
    static Optional<Buffer> of(Buffer payload) {
        try {
            Chunk chunk = Chunk.decode(payload);
            if (chunk.codec() == Codec.NONE) {
                return Optional.of(chunk.bytes()).filter(bytes -> bytes.length() == chunk.plainLength());
            }
            byte[] plain = new byte[chunk.plainLength()]; // at most MAX_PLAIN
            long length = Zstd.decompress(plain, chunk.bytes().getBytes());
            return length == plain.length ? Optional.of(Buffer.buffer(plain)) : Optional.empty();
        } catch (ProtocolException | ZstdException broken) {
            return Optional.empty();
        }
    }
}
