package dev.gatehouse.admin.stream;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a content that an answer gives.
 *
 * @param begin first byte
 * @param end behind the last byte
 */
record ByteRange(long begin, long end) {

    private static final Pattern ONE = Pattern.compile("\\s*bytes\\s*=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*");

    /** The header names bytes that the content does not have. */
    static final class NotSatisfiable extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** The range that a {@code Range} header asks for; empty if it is to be ignored: several ranges, another unit, nonsense. */
    static Optional<ByteRange> of(String header, long length) throws NotSatisfiable {
        Matcher matcher = ONE.matcher(header == null ? "" : header);
        if (!matcher.matches()
                || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return Optional.empty();
        }
        if (matcher.group(1).isEmpty()) {
            long last = Long.parseLong(matcher.group(2));
            if (last == 0 || length == 0) {
                throw new NotSatisfiable();
            }
            return Optional.of(new ByteRange(Math.max(0, length - last), length));
        }
        long begin = Long.parseLong(matcher.group(1));
        long end = matcher.group(2).isEmpty() ? length : Math.min(length, Long.parseLong(matcher.group(2)) + 1);
        if (!matcher.group(2).isEmpty() && Long.parseLong(matcher.group(2)) < begin) {
            return Optional.empty();
        }
        if (begin >= length) {
            throw new NotSatisfiable();
        }
        return Optional.of(new ByteRange(begin, end));
    }

    long length() {
        return end - begin;
    }

    /** For the header {@code Content-Range}. */
    String header(long length) {
        return "bytes " + begin + "-" + (end - 1) + "/" + length;
    }
}
