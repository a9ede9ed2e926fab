package dev.gatehouse.shared.custody;

import dev.gatehouse.shared.custody.CustodyException.Reason;
import java.util.Map;
import java.util.regex.Pattern;

/** What agents may be called and labelled. Pure. */
final class AgentName {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final int MAX_LABELS = 32;
    private static final Pattern LABEL_KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,62}");
    private static final Pattern LABEL_VALUE = Pattern.compile("[^\\p{Cntrl}]{0,255}");

    private AgentName() {}

    /** Fails with a {@link CustodyException} unless the name can be shown, typed and logged without a surprise. */
    static void check(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new CustodyException(
                    Reason.BAD_REQUEST,
                    "name of " + name.length() + " characters is not allowed; 1 to 63 of A-Z a-z 0-9 . _ - are,"
                            + " the first a letter or digit");
        }
    }

    static void checkLabels(Map<String, String> labels) {
        if (labels.size() > MAX_LABELS) {
            throw new CustodyException(
                    Reason.BAD_REQUEST, labels.size() + " labels; at most " + MAX_LABELS + " are allowed");
        }
        labels.forEach((key, value) -> {
            if (!LABEL_KEY.matcher(key).matches()) {
                throw new CustodyException(
                        Reason.BAD_REQUEST,
                        "label '" + key
                                + "' is not allowed; 1 to 63 of A-Z a-z 0-9 . _ / - are, the first a letter or digit");
            }
            if (!LABEL_VALUE.matcher(value).matches()) {
                throw new CustodyException(
                        Reason.BAD_REQUEST,
                        "value of label '" + key
                                + "' is not allowed; at most 255 characters, none a control character");
            }
        });
    }
}
