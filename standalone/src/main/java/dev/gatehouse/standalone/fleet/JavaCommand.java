package dev.gatehouse.standalone.fleet;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The command that starts a program of this build in a JVM of its own: the java, flags and class path of this process, a bounded heap, and the class data archive. */
final class JavaCommand {

    /** Settings of a process come from its file; what the environment says of these would be the same for all and wrong. */
    private static final List<String> OWN_SETTINGS =
            List.of("NODE", "CLUSTER", "ENDPOINTS", "POSTGRES", "REDIS", "STORE", "CUSTODY");

    /** Flags that the launcher gives to every role; others, such as its own heap, are not passed on. */
    private static final List<String> COMMON = List.of(
            "--enable-native-access",
            "--add-",
            "--sun-misc-unsafe-memory-access",
            "-Dgatehouse.root",
            "-XX:+ExitOnOutOfMemoryError");

    /** Small: a dozen of them share a machine. The heap grows from little, so that what is idle stays small. */
    private static final List<String> SMALL = List.of("-XX:+UseSerialGC", "-Xms24m", "-Xss512k");

    /** For programs that never work hard: the first compiler alone costs half the processor time at the start, and less memory. */
    static final List<String> LIGHT = List.of("-XX:TieredStopAtLevel=1");

    private JavaCommand() {}

    /**
     * @param archive of class data, used if the JVM finds it fitting
     * @param maxHeapMegabytes bound of the heap, and as much again for what is off it
     * @param flags of the JVM, in addition
     */
    static List<String> of(
            String main, Optional<Path> archive, int maxHeapMegabytes, List<String> flags, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("env"));
        System.getenv().keySet().stream()
                .filter(name -> OWN_SETTINGS.stream().anyMatch(top -> name.startsWith("GATEHOUSE_" + top)))
                .forEach(name -> command.addAll(List.of("-u", name)));
        // the C library would keep what the compiler has used in the first seconds
        command.addAll(List.of("MALLOC_ARENA_MAX=2", "MALLOC_TRIM_THRESHOLD_=131072"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> COMMON.stream().anyMatch(flag::startsWith))
                .forEach(command::add);
        command.addAll(SMALL);
        command.add("-Xmx" + maxHeapMegabytes + "m");
        archive.ifPresent(file -> command.addAll(
                List.of("-XX:SharedArchiveFile=" + file, "-Xshare:auto", "-Xlog:cds=off", "-Xlog:cds+dynamic=off")));
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath(), main));
        command.addAll(arguments);
        return command;
    }

    /** Where the build's jars are, if this process runs from there and not out of an IDE or a test. */
    static Optional<Path> libraries() {
        return Optional.ofNullable(System.getProperty("gatehouse.root"))
                .map(Path::of)
                .flatMap(root -> Stream.of(root.resolve("lib"), root.resolve("dist/target/lib"))
                        .filter(Files::isDirectory)
                        .findFirst());
    }

    private static String classPath() {
        return libraries().map(folder -> folder + "/*").orElseGet(() -> System.getProperty("java.class.path"));
    }
}
