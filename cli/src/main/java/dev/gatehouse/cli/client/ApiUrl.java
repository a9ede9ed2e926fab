package dev.gatehouse.cli.client;

import dev.gatehouse.cli.output.CliException;
import dev.gatehouse.cli.output.Exit;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The address of an admin endpoint, {@code https://HOST:PORT}. Plain HTTP only to this host, for whoever has a tunnel there. Pure. */
public record ApiUrl(String base) {

    private static final Set<String> THIS_HOST = Set.of("localhost", "127.0.0.1", "[::1]");

    public static ApiUrl parse(String text) {
        try {
            URI uri = new URI(text.strip());
            boolean https = "https".equalsIgnoreCase(uri.getScheme());
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) && THIS_HOST.contains(uri.getHost());
            boolean bare = uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null
                    && (uri.getPath().isEmpty() || uri.getPath().equals("/"));
            if ((https || http) && bare) {
                return new ApiUrl(uri.getScheme() + "://" + uri.getRawAuthority());
            }
        } catch (URISyntaxException broken) {
            // told below, as any other
        }
        throw new CliException(Exit.USAGE, "'" + text + "' is not an admin URL; https://HOST:PORT is needed");
    }

    /** @param path below {@code /api/v1/}; its variable parts {@linkplain #encode encoded} */
    URI resolve(String path, Map<String, String> query) {
        String suffix = query.isEmpty()
                ? ""
                : query.entrySet().stream()
                        .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
                        .collect(Collectors.joining("&", "?", ""));
        return URI.create(base + "/api/v1/" + path + suffix);
    }

    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return base;
    }
}
