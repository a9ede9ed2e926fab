package dev.gatehouse.shared.redis;

/** No Redis that takes writes is known at the moment; it is looked for. */
public final class RedisAwayException extends RuntimeException {

    private static final long serialVersionUID = 1;

    RedisAwayException(String message) {
        super(message);
    }
}
