package dev.gatehouse.protocol.label;

import com.google.re2j.PatternSyntaxException;

/**
 * What a label's value may look like: itself, a glob in which {@code *} stands for any text, or a regular expression from {@code ^} to {@code $}. All are matched in time that grows with the length of the text, whatever the
 * pattern: globs by going back to the last star only, expressions by RE2/J, which has no back-references and no way to go wrong.
 *
 * <p>Pure; thread-safe.
 */
sealed interface Pattern permits Pattern.Exact, Pattern.Expression, Glob {

    /** In characters. */
    int MAX_LENGTH = 255;

    /** How often all counted repetitions of an expression together may repeat: RE2/J writes each out. */
    int MAX_REPEATS = 1000;

    boolean matches(String value);

    /** @param key of the label, for the error */
    static Pattern of(String key, String pattern) throws SelectorException {
        if (pattern.length() > MAX_LENGTH) {
            throw new SelectorException("label '" + key + "' has a pattern of " + pattern.length()
                    + " characters; at most " + MAX_LENGTH + " are allowed");
        }
        if (pattern.startsWith("^") && pattern.endsWith("$")) {
            return Expression.of(key, pattern);
        }
        return pattern.indexOf('*') < 0 ? new Exact(pattern) : new Glob(pattern);
    }

    /** The very text. */
    record Exact(String text) implements Pattern {

        @Override
        public boolean matches(String value) {
            return text.equals(value);
        }
    }

    /** A regular expression for the whole value, in RE2's syntax. */
    record Expression(com.google.re2j.Pattern compiled) implements Pattern {

        private static final java.util.regex.Pattern REPEAT =
                java.util.regex.Pattern.compile("\\{(\\d{1,9})(?:,(\\d{0,9}))?}");

        static Expression of(String key, String pattern) throws SelectorException {
            long repeats = 1;
            java.util.regex.Matcher counted = REPEAT.matcher(pattern);
            while (counted.find()) {
                String most =
                        counted.group(2) == null || counted.group(2).isEmpty() ? counted.group(1) : counted.group(2);
                repeats *= Math.max(1, Long.parseLong(most));
                if (repeats > MAX_REPEATS) { // as if each were within the other
                    throw new SelectorException("label '" + key + "' has the pattern '" + pattern
                            + "' whose repetitions multiply to more than " + MAX_REPEATS + "; use fewer");
                }
            }
            try {
                return new Expression(com.google.re2j.Pattern.compile(pattern));
            } catch (PatternSyntaxException e) {
                throw new SelectorException("label '" + key + "' has the pattern '" + pattern
                        + "', which is no regular expression (RE2): " + e.getDescription());
            }
        }

        @Override
        public boolean matches(String value) {
            return compiled.matches(value);
        }
    }
}
