package dev.gatehouse.standalone.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * What the status endpoint of one process says at one time.
 *
 * @param ready as {@code /upcheck} says it: {@code yes}, {@code degraded: …} or the reason why not
 */
record Probe(long atNanos, String ready, Metrics metrics) {

    private static final int LIMIT_MILLIS = 1_000;
    private static final int MAX_BYTES = 4 << 20;

    /** Blocks for at most a few seconds. */
    static Probe of(String statusUrl) {
        String upcheck = get(statusUrl + "/upcheck").strip();
        String ready = upcheck.equals("I'm up!") ? "yes" : upcheck.isEmpty() ? "no answer" : upcheck;
        return new Probe(System.nanoTime(), ready, Metrics.parse(get(statusUrl + "/metrics")));
    }

    private static String get(String url) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(LIMIT_MILLIS);
            connection.setReadTimeout(LIMIT_MILLIS);
            try (InputStream body =
                    connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                return new String(body.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            return "";
        }
    }

    /** How much a counter grew each second since an earlier probe; 0 if the process was started anew in between. */
    double rate(Probe earlier, String counter) {
        double grown = metrics.get(counter) - earlier.metrics.get(counter);
        double seconds = (atNanos - earlier.atNanos) / 1e9;
        return grown < 0 || seconds <= 0 ? 0 : grown / seconds;
    }
}
