package dev.gatehouse.standalone.fleet;

import java.util.HashMap;
import java.util.Map;

/** What a status endpoint's {@code /metrics} says, in Prometheus's text format: for each name the sum over its labels. Pure. */
record Metrics(Map<String, Double> sums) {

    static final Metrics NONE = new Metrics(Map.of());

    /** Lines that are no samples are passed over. */
    static Metrics parse(String text) {
        Map<String, Double> sums = new HashMap<>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int labels = line.indexOf('{');
            int space = line.indexOf(' ', Math.max(labels, line.lastIndexOf('}')));
            if (space > 0) {
                String name = line.substring(0, labels < 0 ? space : labels);
                try {
                    sums.merge(
                            name, Double.parseDouble(line.substring(space + 1).split(" ")[0]), Double::sum);
                } catch (NumberFormatException e) {
                    return; // not a sample
                }
            }
        });
        return new Metrics(Map.copyOf(sums));
    }

    /** 0 if there is no such metric. */
    double get(String name) {
        return sums.getOrDefault(name, 0.0);
    }
}
