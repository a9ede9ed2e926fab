package dev.gatehouse.shared.settings;

/** A host name or address and a port, written {@code HOST:PORT}, IPv6 in brackets. Port 0 asks the system for a free one. */
public record HostPort(String host, int port) {

    static final String ALLOWED = "HOST:PORT with a port from 0 to 65535, IPv6 in brackets";

    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || !text.substring(colon + 1).matches("\\d{1,5}")) {
            throw new IllegalArgumentException(ALLOWED);
        }
        String host = text.substring(0, colon);
        boolean brackets = host.startsWith("[") && host.endsWith("]");
        int port = Integer.parseInt(text.substring(colon + 1));
        if (port > 65_535 || (host.contains(":") && !brackets) || host.contains(" ") || host.equals("[]")) {
            throw new IllegalArgumentException(ALLOWED);
        }
        return new HostPort(brackets ? host.substring(1, host.length() - 1) : host, port);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
