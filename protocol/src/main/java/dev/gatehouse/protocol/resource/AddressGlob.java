package dev.gatehouse.protocol.resource;

import dev.gatehouse.protocol.label.Glob;
import java.util.Locale;

/**
 * Addresses that may be dialled: {@code HOST:PORT} with {@code *} for any text of the host and {@code *} or {@code FROM-TO} for the port. Names are compared as written, whatever the case; what they resolve to is not looked
 * at.
 */
public record AddressGlob(Glob host, int firstPort, int lastPort) {

    /** @throws IllegalArgumentException says what is wrong and what is needed, to follow the name of the field */
    public static AddressGlob of(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        String port = text.substring(colon + 1);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.isEmpty() || (host.contains(":") && !bracketed)) {
            throw bad(text);
        }
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        Glob glob = new Glob(bare.toLowerCase(Locale.ROOT));
        if (port.equals("*")) {
            return new AddressGlob(glob, 1, 65_535);
        }
        int dash = port.indexOf('-');
        int first = port(text, dash < 0 ? port : port.substring(0, dash));
        int last = dash < 0 ? first : port(text, port.substring(dash + 1));
        if (last < first) {
            throw bad(text);
        }
        return new AddressGlob(glob, first, last);
    }

    public boolean matches(ResourceAddress address) {
        return address.port() >= firstPort
                && address.port() <= lastPort
                && host.matches(address.host().toLowerCase(Locale.ROOT));
    }

    private static int port(String text, String digits) {
        try {
            int port = Integer.parseInt(digits);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw bad(text);
    }

    private static IllegalArgumentException bad(String text) {
        return new IllegalArgumentException(
                "has '" + text + "'; HOST:PORT is needed, where HOST may have * in it and PORT may be * or FROM-TO");
    }
}
