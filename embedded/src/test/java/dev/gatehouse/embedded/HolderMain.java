package dev.gatehouse.embedded;

import java.nio.file.Path;

/** A program that uses an embedded server until it is killed: {@code KIND FOLDER END_WITH_JVM}. Says {@code started PID PORT}. */
public final class HolderMain {

    private HolderMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        EmbeddedServer server =
                Kind.valueOf(arguments[0]).start(Path.of(arguments[1]), 0, Boolean.parseBoolean(arguments[2]));
        System.out.println("started " + server.pid() + " " + server.port());
        Thread.currentThread().join();
    }
}
