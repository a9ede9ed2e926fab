package dev.gatehouse.shared.settings;

import java.util.Set;

/** Environment variables that begin as those of settings do and mean something else. */
final class Reserved {

    /** Read by the launcher and the command line. */
    static final Set<String> NAMES =
            Set.of("GATEHOUSE_PASSWORD", "GATEHOUSE_HOME", "GATEHOUSE_JAVA_HOME", "GATEHOUSE_JVM", "GATEHOUSE_CONFIG");

    private Reserved() {}
}
