package dev.gatehouse.gateway.agentlink;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * {@link LinkNotice} as bytes, big-endian:
 * <pre>
 * version u8 = 2 | gateway id: length u16, UTF-8 | address: length u16, UTF-8 | peer address: length u16, UTF-8 | count u16 |
 * count × (agent 16 bytes | run i64 | run id 16 bytes | slot u8 | counter i64 | since i64 | registered u8)
 * </pre>
 */
final class LinkNoticeCodec implements MessageCodec<LinkNotice, LinkNotice> {

    private static final int VERSION = 2;
    private static final int ITEM_BYTES = 58;

    @Override
    public void encodeToWire(Buffer bytes, LinkNotice notice) {
        bytes.appendUnsignedByte((short) VERSION);
        text(bytes, notice.gatewayId());
        text(bytes, notice.address());
        text(bytes, notice.peerAddress());
        bytes.appendUnsignedShort(notice.items().size());
        for (LinkNotice.Item item : notice.items()) {
            Claim claim = item.claim();
            id(bytes, claim.agentId());
            bytes.appendLong(claim.run());
            id(bytes, claim.runId());
            bytes.appendUnsignedByte((short) claim.slot());
            bytes.appendLong(claim.counter()).appendLong(item.sinceMillis());
            bytes.appendUnsignedByte((short) (item.registered() ? 1 : 0));
        }
    }

    @Override
    public LinkNotice decodeFromWire(int position, Buffer bytes) {
        if (bytes.getUnsignedByte(position) != VERSION) {
            throw new IllegalArgumentException(
                    "link notice of version " + bytes.getUnsignedByte(position) + "; " + VERSION + " is known");
        }
        int at = position + 1;
        String gatewayId = text(bytes, at);
        at += 2 + bytes.getUnsignedShort(at);
        String address = text(bytes, at);
        at += 2 + bytes.getUnsignedShort(at);
        String peerAddress = text(bytes, at);
        at += 2 + bytes.getUnsignedShort(at);
        int count = bytes.getUnsignedShort(at);
        at += 2;
        if (count > LinkNotice.MAX_ITEMS || bytes.length() - at != count * ITEM_BYTES) {
            throw new IllegalArgumentException("link notice with " + count + " items in " + (bytes.length() - at)
                    + " bytes; at most " + LinkNotice.MAX_ITEMS + " of " + ITEM_BYTES + " bytes are allowed");
        }
        List<LinkNotice.Item> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++, at += ITEM_BYTES) {
            Claim claim = new Claim(
                    id(bytes, at),
                    bytes.getLong(at + 16),
                    id(bytes, at + 24),
                    bytes.getUnsignedByte(at + 40),
                    bytes.getLong(at + 41));
            items.add(new LinkNotice.Item(claim, bytes.getLong(at + 49), bytes.getByte(at + 57) == 1));
        }
        return new LinkNotice(gatewayId, address, peerAddress, List.copyOf(items));
    }

    @Override
    public LinkNotice transform(LinkNotice notice) {
        return notice;
    }

    @Override
    public String name() {
        return LinkNotice.class.getName();
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }

    private static void text(Buffer bytes, String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        bytes.appendUnsignedShort(encoded.length).appendBytes(encoded);
    }

    private static String text(Buffer bytes, int at) {
        return bytes.getString(at + 2, at + 2 + bytes.getUnsignedShort(at), StandardCharsets.UTF_8.name());
    }

    private static void id(Buffer bytes, UUID id) {
        bytes.appendLong(id.getMostSignificantBits()).appendLong(id.getLeastSignificantBits());
    }

    private static UUID id(Buffer bytes, int at) {
        return new UUID(bytes.getLong(at), bytes.getLong(at + 8));
    }
}
