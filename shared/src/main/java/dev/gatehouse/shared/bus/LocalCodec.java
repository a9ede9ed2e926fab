package dev.gatehouse.shared.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.util.concurrent.atomic.LongAdder;

/** A codec of an immutable message: inside a process the same object is passed on. What cannot be read, such as a message of a newer version, is counted. */
abstract class LocalCodec<T> implements MessageCodec<T, T> {

    /** Of this process; for its metric. */
    static final LongAdder malformed = new LongAdder();

    private final String name;

    LocalCodec(Class<T> type) {
        this.name = type.getName();
    }

    /** Fails with {@link MalformedMessageException}. */
    abstract T read(int position, Buffer bytes);

    @Override
    public final T decodeFromWire(int position, Buffer bytes) {
        try {
            return read(position, bytes);
        } catch (MalformedMessageException e) {
            malformed.increment();
            throw e;
        }
    }

    @Override
    public final T transform(T message) {
        return message;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final byte systemCodecID() {
        return -1;
    }
}
