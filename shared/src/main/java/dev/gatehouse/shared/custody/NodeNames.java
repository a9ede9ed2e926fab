package dev.gatehouse.shared.custody;

import dev.gatehouse.shared.custody.CustodyException.Reason;
import dev.gatehouse.shared.trust.NodeUri;
import java.util.List;
import java.util.regex.Pattern;

/** What a node may be called, and where it may say that it is reached. Whoever has the node token may have any name: there is no node less trusted than another. Pure. */
final class NodeNames {

    /** Host names and addresses of one node. */
    static final int MAX_NAMES = 64;

    private static final int MAX_LENGTH = 253;
    private static final Pattern HOST =
            Pattern.compile("(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,62})){0,30}");
    private static final Pattern ADDRESS_6 = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]{1,40}");

    private NodeNames() {}

    /** Fails with {@link Reason#BAD_REQUEST}. */
    static void check(String node, List<String> names) {
        if (!NodeUri.NAME.matcher(node).matches()) {
            throw bad("name of a node with " + node.length()
                    + " characters; 1 to 63 of A-Z a-z 0-9 . _ - are allowed, the first and last a letter or digit");
        }
        if (names.size() > MAX_NAMES) {
            throw bad(names.size() + " names; at most " + MAX_NAMES + " are allowed");
        }
        for (String name : names) {
            if (name.length() > MAX_LENGTH
                    || !(HOST.matcher(name).matches() || ADDRESS_6.matcher(name).matches())) {
                throw bad("names: one of " + name.length() + " characters is no host name and no address");
            }
        }
    }

    private static CustodyException bad(String message) {
        return new CustodyException(Reason.BAD_REQUEST, message);
    }
}
