package dev.gatehouse.protocol.label;

/** A text in which {@code *} stands for any text, also none, and everything else for itself. Matched without going back further than the last star, so in time that grows with the two lengths at most. Pure; thread-safe. */
public record Glob(String glob) implements Pattern {

    @Override
    public boolean matches(String value) {
        int at = 0;
        int in = 0;
        int star = -1;
        int taken = 0;
        while (in < value.length()) {
            if (at < glob.length() && glob.charAt(at) == '*') {
                star = at++;
                taken = in;
            } else if (at < glob.length() && glob.charAt(at) == value.charAt(in)) {
                at++;
                in++;
            } else if (star >= 0) {
                at = star + 1;
                in = ++taken; // the last star takes one more
            } else {
                return false;
            }
        }
        while (at < glob.length() && glob.charAt(at) == '*') {
            at++;
        }
        return at == glob.length();
    }
}
