package dev.gatehouse.shared.settings;

/** A value that no log and no command shows; its key also exists with {@code File} behind it, naming a file that holds it. */
public record Secret(String value) {

    @Override
    public String toString() {
        return "******";
    }
}
