package dev.gatehouse.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server process and its children: started with a pid file, signalled, ended.
 *
 * <p>It runs in a session of its own, so that Ctrl-C reaches the program that uses it and not the server: who uses it decides when it stops. A process of an earlier start is recognised by its pid file
 * <em>and</em> by its <em>mark</em>, a word of its command line that names its folder; one that lacks the mark is never touched. Thread-safe.
 */
final class LocalProcess {

    private static final Logger log = LoggerFactory.getLogger(LocalProcess.class);

    /** After SIGKILL only the kernel's own work is left. */
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    private static final long POLL_MILLIS = 10;

    /**
     * What to start.
     *
     * @param mark the word of the command by which the process is known again
     * @param stopSignal asks it to stop cleanly, without waiting for its clients
     * @param stopLimit after which it is killed instead
     * @param endWithJvm whether it is asked to stop when this JVM has ended in any way, SIGKILL included
     */
    record Launch(
            String name,
            List<String> command,
            String mark,
            Path folder,
            Path pidFile,
            Path logFile,
            String stopSignal,
            Duration stopLimit,
            boolean endWithJvm) {}

    private final Launch launch;
    private final ProcessHandle handle;
    private final Optional<Process> child;
    private final Optional<Process> watch;

    private LocalProcess(Launch launch, ProcessHandle handle, Optional<Process> child, Optional<Process> watch) {
        this.launch = launch;
        this.handle = handle;
        this.child = child;
        this.watch = watch;
    }

    static LocalProcess start(Launch launch) {
        // The shell writes the pid before it becomes the server: no instant at which a server runs unknown.
        List<String> command = new ArrayList<>(List.of("sh", "-c", "echo $$ > \"$0\"; exec setsid \"$@\""));
        command.add(launch.pidFile().toString());
        command.addAll(launch.command());
        try {
            Process process = new ProcessBuilder(command)
                    .directory(launch.folder().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(launch.logFile().toFile()))
                    .start();
            process.getOutputStream().close();
            Optional<Process> watch =
                    launch.endWithJvm() ? Optional.of(watch(launch, process.pid())) : Optional.empty();
            return new LocalProcess(launch, process.toHandle(), Optional.of(process), watch);
        } catch (IOException e) {
            throw new EmbeddedException(launch.name() + " cannot be started: " + e.getMessage(), e);
        }
    }

    /** A shell that waits for the end of its input, which is the end of this JVM, and then asks the server to stop. */
    private static Process watch(Launch launch, long pid) throws IOException {
        String script = """
                read -r end
                if [ "$(cat "$1" 2>/dev/null)" = "$2" ] && tr '\\0' '\\n' < "/proc/$2/cmdline" | grep -qxF -e "$3"; then
                  kill -s CONT "$2"
                  kill -s "$4" "$2"
                fi""";
        return new ProcessBuilder(
                        "setsid",
                        "sh",
                        "-c",
                        script,
                        "gatehouse-watch",
                        launch.pidFile().toString(),
                        Long.toString(pid),
                        launch.mark(),
                        launch.stopSignal())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Ends what an earlier start for this folder has left running; does nothing if there is none. */
    static void endLeftover(Launch launch) {
        pidIn(launch.pidFile())
                .flatMap(ProcessHandle::of)
                .filter(handle -> hasMark(handle.pid(), launch.mark()))
                .ifPresent(handle -> {
                    log.info("{} of an earlier start still runs as process {}: ending it", launch.name(), handle.pid());
                    new LocalProcess(launch, handle, Optional.empty(), Optional.empty()).stop();
                });
    }

    /** The number on the first line of a pid file; empty if there is no such file or number. */
    static Optional<Long> pidIn(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst()
                    .map(String::strip)
                    .filter(s -> s.matches("[1-9][0-9]{0,9}"))
                    .map(Long::valueOf);
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static boolean hasMark(long pid, String mark) {
        try {
            String line =
                    Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1);
            String wanted = new String(mark.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            return List.of(line.split("\0")).contains(wanted);
        } catch (IOException e) {
            return false; // it has just ended
        }
    }

    long pid() {
        return handle.pid();
    }

    boolean isAlive() {
        return !hasEnded(handle);
    }

    /** Empty while it runs, and for one that this JVM has not started. One that has ended counts as ended a moment before its status is known: that is waited for. */
    OptionalInt exitStatus() {
        if (child.isEmpty() || isAlive()) {
            return OptionalInt.empty();
        }
        try {
            return child.get().waitFor(KILL_LIMIT.toSeconds(), TimeUnit.SECONDS)
                    ? OptionalInt.of(child.get().exitValue())
                    : OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }

    /** Asks the process to stop and waits; kills it when it has not done so in time. */
    void stop() {
        endWatch();
        if (isAlive()) {
            signal("CONT", tree()); // a stopped process would never see the signal
            signal(launch.stopSignal(), List.of(handle));
            if (!awaitEnd(List.of(handle), launch.stopLimit())) {
                log.warn(
                        "{}, process {}, has not stopped within {}: killing it",
                        launch.name(),
                        pid(),
                        launch.stopLimit());
                kill();
            }
        }
        forget();
    }

    /** SIGKILL for the process and all its children, and waits for their end. */
    void kill() {
        endWatch();
        signal("STOP", List.of(handle)); // so that it makes no more children
        List<ProcessHandle> all = tree();
        signal("KILL", all);
        if (!awaitEnd(all, KILL_LIMIT)) {
            throw new EmbeddedException(launch.name() + ", process " + pid() + ", is still there "
                    + KILL_LIMIT.toSeconds() + " s after SIGKILL");
        }
    }

    /** SIGSTOP for the process and all its children, and waits until each thread has stopped: alive, but does nothing. */
    void pause() {
        signal("STOP", List.of(handle));
        signal("STOP", tree());
        if (!Wait.until(KILL_LIMIT, POLL_MILLIS, () -> tree().stream().allMatch(LocalProcess::isStopped))) {
            throw new EmbeddedException(launch.name() + ", process " + pid() + ", has not stopped at SIGSTOP");
        }
    }

    private static boolean isStopped(ProcessHandle process) {
        try (DirectoryStream<Path> threads =
                Files.newDirectoryStream(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            for (Path thread : threads) {
                if ("TZX".indexOf(state(thread.resolve("stat"))) < 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException | DirectoryIteratorException e) {
            return !process.isAlive(); // it or a thread of it has just ended: asked again
        }
    }

    /** Also an ended child counts as ended whose parent is stopped or gone and has not taken note of it. */
    static boolean hasEnded(ProcessHandle process) {
        try {
            return !process.isAlive()
                    || "ZX".indexOf(state(Path.of("/proc", Long.toString(process.pid()), "stat"))) >= 0;
        } catch (IOException e) {
            return !process.isAlive();
        }
    }

    /** The letter that the kernel gives: T stopped, Z a zombie, X dead, all others alive. */
    private static char state(Path stat) throws IOException {
        String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
        return text.charAt(text.lastIndexOf(')') + 2); // the name before it may hold anything
    }

    void resume() {
        signal("CONT", tree());
    }

    private List<ProcessHandle> tree() {
        return Stream.concat(Stream.of(handle), handle.descendants()).toList();
    }

    private static void signal(String signal, List<ProcessHandle> processes) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -s \"$0\" \"$@\"", signal));
        processes.stream().filter(process -> !hasEnded(process)).forEach(p -> command.add(Long.toString(p.pid())));
        if (command.size() == 4) {
            return;
        }
        try {
            Process kill = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            kill.waitFor(
                    KILL_LIMIT.toSeconds(), TimeUnit.SECONDS); // its status doesn't matter: one may just have ended
        } catch (IOException e) {
            throw new EmbeddedException("signal " + signal + " cannot be sent: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean awaitEnd(List<ProcessHandle> processes, Duration limit) {
        return Wait.until(limit, POLL_MILLIS, () -> processes.stream().allMatch(LocalProcess::hasEnded));
    }

    private void endWatch() {
        watch.ifPresent(Process::destroyForcibly);
    }

    private void forget() {
        try {
            if (pidIn(launch.pidFile()).equals(Optional.of(pid()))) {
                Files.deleteIfExists(launch.pidFile());
            }
        } catch (IOException e) {
            log.warn("{} stays behind; harmless, since the process has ended: {}", launch.pidFile(), e.getMessage());
        }
    }
}
