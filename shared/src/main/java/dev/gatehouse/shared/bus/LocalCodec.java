package dev.gatehouse.shared.bus;

import io.vertx.core.eventbus.MessageCodec;

/** A codec of an immutable message: inside a process the same object is passed on. */
abstract class LocalCodec<T> implements MessageCodec<T, T> {

    private final String name;

    LocalCodec(Class<T> type) {
        this.name = type.getName();
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
