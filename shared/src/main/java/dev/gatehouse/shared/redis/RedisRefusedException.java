package dev.gatehouse.shared.redis;

/** A Redis of a kind that Gatehouse does not work with. */
public final class RedisRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    RedisRefusedException(String message) {
        super(message);
    }
}
