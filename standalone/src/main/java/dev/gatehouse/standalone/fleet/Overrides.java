package dev.gatehouse.standalone.fleet;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Settings of a fleet's services that are given by hand, {@code KEY=VALUE} for all or {@code NAME:KEY=VALUE} for one; they win over the fleet's own, later ones over earlier ones. Pure. */
record Overrides(List<Given> all) {

    /**
     * One of them.
     *
     * @param name of the service; empty: all
     */
    record Given(String name, String key, String value) {}

    private static final Pattern FORM = Pattern.compile("(?:([^:=]+):)?([^:=]+)=(.*)");

    /**
     * @param names of the services that there are
     * @throws IllegalArgumentException that says which is wrong and what is allowed
     */
    static Overrides parse(List<String> texts, Collection<String> names) {
        List<Given> all = new ArrayList<>();
        for (String text : texts) {
            Matcher form = FORM.matcher(text);
            if (!form.matches()) {
                throw new IllegalArgumentException("--set " + text + "; [NAME:]KEY=VALUE is allowed");
            }
            String name = form.group(1) == null ? "" : form.group(1);
            if (!name.isEmpty() && !names.contains(name)) {
                throw new IllegalArgumentException(
                        "--set " + text + ": no service '" + name + "'; there are: " + String.join(", ", names));
            }
            all.add(new Given(name, form.group(2), form.group(3)));
        }
        return new Overrides(List.copyOf(all));
    }

    void apply(String name, Map<String, String> settings) {
        for (Given each : all) {
            if (each.name().isEmpty() || each.name().equals(name)) {
                settings.put(each.key(), each.value());
            }
        }
    }
}
