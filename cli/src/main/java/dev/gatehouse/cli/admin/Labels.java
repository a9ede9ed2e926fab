package dev.gatehouse.cli.admin;

import dev.gatehouse.cli.output.CliException;
import dev.gatehouse.cli.output.Exit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Labels as people type them: {@code site=berlin,floor=3}. Pure. */
final class Labels {

    private Labels() {}

    static Map<String, String> parse(String text) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw new CliException(Exit.USAGE, "label '" + part + "' is not of the form name=value");
            }
            if (labels.put(
                            part.substring(0, equals).strip(),
                            part.substring(equals + 1).strip())
                    != null) {
                throw new CliException(Exit.USAGE, "label '" + part.substring(0, equals) + "' is given twice");
            }
        }
        return labels;
    }
}
