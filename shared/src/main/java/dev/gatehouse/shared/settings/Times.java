package dev.gatehouse.shared.settings;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How lengths of time are written in settings: {@code 500ms}, {@code 5s}, {@code 10m}, {@code 12h}, {@code 7d}. */
final class Times {

    static final String ALLOWED = "a number with ms, s, m, h or d, from 1ms to 36500d";

    private static final Pattern FORM = Pattern.compile("(\\d{1,13}) ?(ms|s|m|h|d)");
    private static final Duration MAX = Duration.ofDays(36_500);

    private Times() {}

    static Duration parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(ALLOWED);
        }
        Duration one = unit(form.group(2));
        long number = Long.parseLong(form.group(1));
        if (number == 0 || number > MAX.dividedBy(one)) {
            throw new IllegalArgumentException(ALLOWED);
        }
        return one.multipliedBy(number);
    }

    static String format(Duration time) {
        for (String unit : new String[] {"d", "h", "m", "s"}) {
            Duration one = unit(unit);
            if (time.compareTo(one) >= 0 && time.toMillis() % one.toMillis() == 0) {
                return time.dividedBy(one) + unit;
            }
        }
        return time.toMillis() + "ms";
    }

    private static Duration unit(String unit) {
        return switch (unit) {
            case "d" -> Duration.ofDays(1);
            case "h" -> Duration.ofHours(1);
            case "m" -> Duration.ofMinutes(1);
            case "s" -> Duration.ofSeconds(1);
            default -> Duration.ofMillis(1);
        };
    }
}
