package dev.gatehouse.shared.bus;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** {@link Progress} as bytes: {@code version u8 = 1 | worker id length u8, UTF-8 | count i32 | count × (stream 16 bytes | next i64 | fault u8)}. */
final class ProgressCodec extends LocalCodec<Progress> {

    private static final int ITEM_BYTES = 25;

    /** A fault's code is its place here, which never changes. */
    private static final List<Progress.Fault> FAULTS =
            List.of(Progress.Fault.NONE, Progress.Fault.FORKED, Progress.Fault.GAP);

    ProgressCodec() {
        super(Progress.class);
    }

    @Override
    public void encodeToWire(Buffer bytes, Progress progress) {
        bytes.appendUnsignedByte((short) ChunkBatchCodec.VERSION);
        WireReader.appendText(bytes, progress.workerId());
        bytes.appendInt(progress.items().size());
        for (Progress.Item item : progress.items()) {
            WireReader.appendUuid(bytes, item.streamId());
            bytes.appendLong(item.next()).appendUnsignedByte((short) FAULTS.indexOf(item.fault()));
        }
    }

    @Override
    Progress read(int position, Buffer bytes) {
        WireReader in = new WireReader(position, bytes);
        ChunkBatchCodec.version(in);
        String worker = in.text();
        int count = in.count("stream count", Progress.MAX_ITEMS);
        List<Progress.Item> items = new ArrayList<>(Math.min(count, (bytes.length() - position) / ITEM_BYTES));
        for (int i = 0; i < count; i++) {
            items.add(new Progress.Item(in.uuid(), in.i64(), fault(in.u8())));
        }
        in.end();
        return new Progress(worker, List.copyOf(items));
    }

    private static Progress.Fault fault(int code) {
        if (code >= FAULTS.size()) {
            throw new MalformedMessageException("fault " + code + "; 0 to " + (FAULTS.size() - 1) + " are known");
        }
        return FAULTS.get(code);
    }
}
