package dev.gatehouse.protocol.resource;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Where a resource is, as seen from its agent.
 *
 * @param scheme of the kind's, in small letters
 * @param host name or address, an IPv6 one without its brackets
 * @param user of the URI, if there is one
 */
public record ResourceAddress(String scheme, String host, int port, Optional<String> user) {

    private static final int MAX_HOST = 253;

    /**
     * Reads {@code SCHEME://HOST}, with {@code :PORT} where the kind has no usual one. A path or a database behind it is allowed and does not matter here.
     *
     * @throws IllegalArgumentException says what is wrong and what is needed, to follow the name of the field
     */
    public static ResourceAddress of(ResourceKind kind, String uri) {
        URI parsed;
        try {
            parsed = new URI(uri);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is '" + uri + "'; " + needed(kind) + " is needed", e);
        }
        String scheme = parsed.getScheme() == null ? "" : parsed.getScheme().toLowerCase(java.util.Locale.ROOT);
        Integer usual = kind.ports().get(scheme);
        String host = parsed.getHost();
        if (usual == null || host == null || host.length() > MAX_HOST) {
            throw new IllegalArgumentException("is '" + uri + "'; " + needed(kind) + " is needed");
        }
        int port = parsed.getPort() < 0 ? usual : parsed.getPort();
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException(
                    "is '" + uri + "', which has no port from 1 to 65535; " + needed(kind) + " is needed");
        }
        if (parsed.getUserInfo() != null && parsed.getUserInfo().contains(":")) {
            throw new IllegalArgumentException(
                    "has a password in it; people bring their own, an agent's file is no place for it");
        }
        return new ResourceAddress(
                scheme, host.replace("[", "").replace("]", ""), port, Optional.ofNullable(parsed.getUserInfo()));
    }

    private static String needed(ResourceKind kind) {
        String schemes = String.join("|", new TreeSet<>(kind.ports().keySet()));
        boolean always = kind.ports().containsValue(0);
        return schemes + "://HOST" + (always ? ":PORT" : "[:PORT]");
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
