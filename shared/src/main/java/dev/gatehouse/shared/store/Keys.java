package dev.gatehouse.shared.store;

import java.util.regex.Pattern;

/** The rule for keys, the same for every store: what a folder and a bucket can both hold, and nothing that could lead out of a folder. */
final class Keys {

    static final int MAX_LENGTH = 512;

    private static final Pattern SEGMENT = Pattern.compile("[a-z0-9_+-][a-z0-9._+-]{0,199}");

    private Keys() {}

    /** The key itself. */
    static String check(String key) {
        if (key.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "key of " + key.length() + " characters; at most " + MAX_LENGTH + " are allowed");
        }
        for (String segment : key.split("/", -1)) {
            if (!SEGMENT.matcher(segment).matches()) {
                throw new IllegalArgumentException("key '" + key
                        + "'; segments of a-z 0-9 . _ + - that do not begin with a dot, joined by /, are allowed");
            }
        }
        return key;
    }

    /** A prefix or a place in the order, which need not be a whole key. */
    static String checkPart(String part) {
        if (part.length() > MAX_LENGTH || !part.matches("[a-z0-9._+/-]*")) {
            throw new IllegalArgumentException("prefix or place '" + part + "'; a-z 0-9 . _ + - / are allowed");
        }
        return part;
    }
}
