package dev.gatehouse.standalone.fleet;

import dev.gatehouse.standalone.home.Home;
import java.nio.file.Path;

/** Where a fleet keeps what in its home. */
record Folders(Home home) {

    /** Of one process: its settings, its pid, what it prints. */
    Path of(String name) {
        return home.at("run").resolve(name);
    }

    Path settings(String name) {
        return of(name).resolve("settings.yaml");
    }

    Path log(String name) {
        return home.at("logs").resolve(name + ".log");
    }

    /** How other commands reach the foreground process. */
    Path control() {
        return home.at("fleet.json");
    }
}
