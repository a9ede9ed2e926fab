package dev.gatehouse.cli.output;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Times and spans as people type them: {@code 2026-11-21T08:00:00Z}, {@code 2026-11-21} (UTC), or {@code 90m}, which as a time means so long ago. */
public final class When {

    private static final Pattern SPAN = Pattern.compile("(\\d{1,9})(s|m|h|d)");

    private When() {}

    /** For options that take a time. */
    public static final class Time implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            return time(text, Instant.now());
        }
    }

    /** For options that take a span. */
    public static final class Span implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            Matcher matcher = SPAN.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + text + "' is not a span such as 30m, 1h or 7d");
            }
            return span(matcher);
        }
    }

    static Instant time(String text, Instant now) {
        Matcher matcher = SPAN.matcher(text);
        if (matcher.matches()) {
            return now.minus(span(matcher));
        }
        try {
            return text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException neither) {
            throw new TypeConversionException(
                    "'" + text + "' is not a time such as 2026-11-21T08:00:00Z, 2026-11-21 or 2h (ago)");
        }
    }

    private static Duration span(Matcher matcher) {
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
