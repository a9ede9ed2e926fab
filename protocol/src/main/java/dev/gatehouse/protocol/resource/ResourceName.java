package dev.gatehouse.protocol.resource;

import java.util.regex.Pattern;

/** How a resource may be called: it becomes a host name below the access domain, a path in REST and a word of a command line. */
public final class ResourceName {

    /** In characters; that of a label in DNS. */
    public static final int MAX_LENGTH = 63;

    /** For errors: "… is allowed". */
    public static final String ALLOWED = "1 to " + MAX_LENGTH + " of A-Z a-z 0-9 . _ -, the first a letter or digit,";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0," + (MAX_LENGTH - 1) + "}");

    private ResourceName() {}

    public static boolean isValid(String name) {
        return NAME.matcher(name).matches();
    }
}
