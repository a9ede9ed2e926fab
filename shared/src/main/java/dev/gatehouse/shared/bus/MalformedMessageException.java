package dev.gatehouse.shared.bus;

/** A message from the event bus that is not what its codec writes. */
public final class MalformedMessageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    MalformedMessageException(String message) {
        super(message);
    }
}
