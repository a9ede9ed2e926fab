package dev.gatehouse.shared.settings;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes; written {@code 64KiB}, {@code 8MiB}, {@code 2GiB} or plain bytes. */
public record MemorySize(long bytes) {

    static final String ALLOWED = "bytes, or a number with KiB, MiB, GiB or TiB, at most 1024TiB";

    private static final long MAX = 1L << 50;
    private static final Pattern FORM = Pattern.compile("(\\d{1,16}) ?(KiB|MiB|GiB|TiB|B)?");

    public static MemorySize parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(ALLOWED);
        }
        int shift = switch (Objects.requireNonNullElse(form.group(2), "B")) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            case "TiB" -> 40;
            default -> 0;
        };
        long number = Long.parseLong(form.group(1));
        if (number > MAX >> shift) {
            throw new IllegalArgumentException(ALLOWED);
        }
        return new MemorySize(number << shift);
    }

    /** The bytes where an {@code int} is wanted; fails beyond 2 GiB. */
    public int intBytes() {
        return Math.toIntExact(bytes);
    }

    /** As it is written in the file. */
    @Override
    public String toString() {
        String[] units = {"", "KiB", "MiB", "GiB", "TiB"};
        int unit = bytes == 0 ? 0 : Math.min(4, Long.numberOfTrailingZeros(bytes) / 10);
        return (bytes >> (10 * unit)) + units[unit];
    }
}
