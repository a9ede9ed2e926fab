package dev.gatehouse.gateway.forward;

import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.stream.Ack;
import dev.gatehouse.protocol.wire.ProtocolException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The captured streams of one link: its channels, its window, and the worker that they go to. Confined to its forwarder's context. */
public final class LinkStreams {

    /** Streams that one link may have open at once. */
    static final int MAX_CHANNELS = 1024;

    final UUID agentId;
    final LinkOutput output;
    final LinkWindow window;

    /** The channels that are open or opening; those with lower numbers that are not here are closed. */
    private final Map<Integer, StreamChannel> channels = new HashMap<>(2);

    private int lastChannel;
    private final List<StreamChannel> moved = new ArrayList<>(2);
    private boolean limitRose;
    Lane lane; // null while no stream is open, or no worker is live
    boolean changed; // is among those to be told something at the end of this turn

    LinkStreams(UUID agentId, LinkOutput output, LinkWindow window) {
        this.agentId = agentId;
        this.output = output;
        this.window = window;
    }

    /** Total bytes of CHUNK payloads that the link may carry, for WELCOME. */
    public long captureLimit() {
        return window.limit();
    }

    Iterable<StreamChannel> channels() {
        return channels.values();
    }

    int open() {
        return channels.size();
    }

    /** Takes a channel number into use: each one once, so they rise. Those with the highest bit are tunnels'. */
    void use(int channel) throws ProtocolException {
        if (channel <= lastChannel) {
            throw new ProtocolException(
                    ErrorCode.BAD_ORDER,
                    "STREAM_OPEN on channel " + Integer.toUnsignedString(channel) + "; " + (lastChannel + 1L) + " to "
                            + Integer.MAX_VALUE + " are allowed");
        }
        lastChannel = channel;
    }

    void add(StreamChannel channel) {
        channels.put(channel.number, channel);
    }

    /** The channel that a CHUNK came on; null when it was open once and is closed. */
    StreamChannel forChunk(int number) throws ProtocolException {
        StreamChannel channel = channels.get(number);
        boolean used = number > 0 && number <= lastChannel;
        if (channel == null ? !used : channel.state == StreamChannel.State.OPENING) {
            throw new ProtocolException(
                    ErrorCode.BAD_ORDER,
                    "CHUNK on channel " + Integer.toUnsignedString(number) + " before its STREAM_OPENED");
        }
        return channel;
    }

    /** Closes a channel; its bytes on the way count as returned, since they come again or never. */
    void close(StreamChannel channel) {
        channel.state = StreamChannel.State.CLOSED;
        channel.open = null;
        channels.remove(channel.number, channel);
        returned(channel.outstanding.clear());
    }

    void returned(long bytes) {
        limitRose |= bytes > 0 && window.returned(bytes);
    }

    void progressed(StreamChannel channel) {
        if (!channel.moved) {
            channel.moved = true;
            moved.add(channel);
        }
    }

    /** Tells the agent what has changed since it was last told: one ACK for each stream that moved, or one for the limit alone. */
    void tell() {
        long limit = window.limit();
        for (StreamChannel channel : moved) {
            channel.moved = false;
            output.ack(channel.number, new Ack(channel.next, limit));
        }
        if (moved.isEmpty() && limitRose) {
            output.ack(0, new Ack(0, limit));
        }
        if (!moved.isEmpty() || limitRose) {
            output.flush();
        }
        moved.clear();
        limitRose = false;
    }

    /** Tells again what the agent may be waiting for: the durable number of each stream that has chunks on their way. */
    void repeat() {
        boolean any = false;
        for (StreamChannel channel : channels.values()) {
            if (!channel.outstanding.isEmpty()) {
                output.ack(channel.number, new Ack(channel.next, window.limit()));
                any = true;
            }
        }
        if (any) {
            output.flush();
        }
    }

    /** Whether there is a stream with chunks on their way of which nothing has been heard since then. */
    boolean isSilent(long then) {
        for (StreamChannel channel : channels.values()) {
            if (!channel.outstanding.isEmpty() && channel.heardNanos - then < 0) {
                return true;
            }
        }
        return false;
    }
}
