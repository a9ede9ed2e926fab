package dev.gatehouse.shared.settings;

import java.util.Set;

/** Environment variables that begin as those of settings do and mean something else. */
final class Reserved {

    /** Read by the launcher and the command line. */
    static final Set<String> NAMES =
            Set.of("GATEHOUSE_PASSWORD", "GATEHOUSE_JVM", "GATEHOUSE_NO_BUILD", "GATEHOUSE_CONFIG_DIR");

    private Reserved() {}
}
