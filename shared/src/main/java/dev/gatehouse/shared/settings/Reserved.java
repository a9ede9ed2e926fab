package dev.gatehouse.shared.settings;

import java.util.Set;
import java.util.regex.Pattern;

/** Environment variables that begin as those of settings do and mean something else. */
final class Reserved {

    /** Read by the launcher and the command line. */
    private static final Set<String> NAMES =
            Set.of("GATEHOUSE_PASSWORD", "GATEHOUSE_JVM", "GATEHOUSE_NO_BUILD", "GATEHOUSE_CONFIG_DIR");

    /** What Kubernetes adds for each service of the namespace, which may well be called gatehouse-something. */
    private static final Pattern OF_A_SERVICE =
            Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT(_\\d+_(TCP|UDP|SCTP).*)?)");

    private Reserved() {}

    static boolean contains(String variable) {
        return NAMES.contains(variable) || OF_A_SERVICE.matcher(variable).matches();
    }
}
