package dev.gatehouse.protocol.label;

/** A selector that cannot be one; the message names the key, the value and what is allowed. */
public final class SelectorException extends Exception {

    private static final long serialVersionUID = 1;

    SelectorException(String message) {
        super(message);
    }
}
