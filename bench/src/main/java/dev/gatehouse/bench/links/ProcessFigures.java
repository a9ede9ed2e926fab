package dev.gatehouse.bench.links;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process of this host has used, as the kernel counts it.
 *
 * @param residentBytes memory in RAM now; 0 if unknown
 * @param cpuMillis on all cores since its start, children not counted
 * @param liveHeapBytes what is left of a JVM's heap after a full collection; 0 if not asked for or unknown
 */
public record ProcessFigures(long residentBytes, long cpuMillis, long liveHeapBytes) {

    private static final int TICK_MILLIS = 10;
    private static final int USER_TICKS = 11; // fields after the name in parentheses
    private static final int KERNEL_TICKS = 12;

    public static ProcessFigures of(long pid) {
        return new ProcessFigures(resident(pid), cpu(pid), 0);
    }

    /** With a full collection first, so that garbage doesn't count. */
    static ProcessFigures settled(long pid) {
        long live = liveHeap(pid);
        return new ProcessFigures(resident(pid), cpu(pid), live);
    }

    private static long resident(long pid) {
        return read(pid, "status")
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(0);
    }

    private static long cpu(long pid) {
        String stat = read(pid, "stat");
        if (stat.isEmpty()) {
            return 0;
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[KERNEL_TICKS])) * TICK_MILLIS;
    }

    private static String read(long pid, String file) {
        try {
            return pid == 0 ? "" : Files.readString(Path.of("/proc/" + pid, file));
        } catch (IOException gone) {
            return "";
        }
    }

    /** The last line of the histogram of live objects: {@code Total COUNT BYTES}. */
    private static long liveHeap(long pid) {
        if (pid == 0) {
            return 0;
        }
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram")
                    .redirectErrorStream(true)
                    .start();
            try (InputStream out = process.getInputStream()) {
                return new String(out.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> line.startsWith("Total"))
                        .mapToLong(line -> Long.parseLong(line.strip().split("\\s+", -1)[2]))
                        .findFirst()
                        .orElse(0);
            }
        } catch (IOException noJdk) {
            return 0;
        }
    }
}
