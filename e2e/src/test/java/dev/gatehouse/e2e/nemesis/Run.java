package dev.gatehouse.e2e.nemesis;

import dev.gatehouse.standalone.fleet.OpenFleet;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Does to a local fleet what a schedule says. What cannot be done just then, as the process has died of something else, is noted and left out. Blocking. */
public final class Run {

    private static final Duration HELD = Duration.ofMillis(100);

    private final OpenFleet fleet;
    private final Ways ways;
    private final Schedule schedule;
    private final Queue<String> notes = new ConcurrentLinkedQueue<>();
    private long begun;

    private Run(OpenFleet fleet, Ways ways, Schedule schedule) {
        this.fleet = fleet;
        this.ways = ways;
        this.schedule = schedule;
    }

    /** A run whose every step the seed decides. */
    public static Run of(OpenFleet fleet, Ways ways, long seed, Duration length) {
        Map<String, List<String>> byRole = fleet.processes().values().stream()
                .collect(Collectors.groupingBy(
                        process -> process.getString("role"),
                        Collectors.mapping(process -> process.getString("name"), Collectors.toList())));
        Targets targets = new Targets(
                names(byRole, "gateway", "ingest-worker", "background-worker", "admin-api"),
                names(byRole, "postgres", "redis", "s3"),
                names(byRole, "agent"),
                ways.names());
        return new Run(fleet, ways, Schedule.of(seed, length, targets));
    }

    private static List<String> names(Map<String, List<String>> byRole, String... roles) {
        return List.of(roles).stream()
                .flatMap(role -> byRole.getOrDefault(role, List.of()).stream().sorted())
                .toList();
    }

    /** Returns when all has gone wrong and been put right, as far as that is in its hands: {@link #isWhole()} says when the fleet is. */
    public void toItsEnd() throws InterruptedException, ExecutionException {
        begun = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = schedule.nemeses().stream()
                    .<Future<?>>map(each -> threads.submit(() -> carryOut(each)))
                    .toList();
            for (Future<?> each : all) {
                each.get();
            }
        }
        ways.heal();
    }

    /** Whether every process runs and says that it is ready; what is down by command is started. */
    public boolean isWhole() throws InterruptedException {
        for (JsonObject process : fleet.processes().values()) {
            String name = process.getString("name");
            switch (process.getString("state")) {
                case "paused" -> note("resume " + name, () -> fleet.resume(name));
                case "stopped" -> note("start " + name, () -> fleet.start(name));
                default -> {}
            }
        }
        return fleet.status().getJsonArray("processes").stream()
                .map(JsonObject.class::cast)
                .allMatch(process -> process.getString("ready").equals("yes"));
    }

    private Void carryOut(Nemesis nemesis) throws InterruptedException {
        sleepUntil(nemesis.at());
        note(nemesis.kind() + " " + nemesis.target(), () -> begin(nemesis));
        sleepUntil(nemesis.ends());
        note("end of " + nemesis.kind() + " " + nemesis.target(), () -> end(nemesis));
        return null;
    }

    private void begin(Nemesis nemesis) {
        String target = nemesis.target();
        switch (nemesis.kind()) {
            case KILL -> fleet.kill(target);
            case DIE -> ProcessHandle.of(fleet.processes().get(target).getLong("pid"))
                    .ifPresent(ProcessHandle::destroyForcibly);
            case FREEZE -> fleet.pause(target);
            case CUT -> cut(target, EnumSet.allOf(Relay.Direction.class));
            case CUT_THERE -> cut(target, Set.of(Relay.Direction.THERE));
            case CUT_BACK -> cut(target, Set.of(Relay.Direction.BACK));
            case SLOW -> ways.named(target).slow(HELD);
        }
    }

    private void cut(String way, Set<Relay.Direction> directions) {
        ways.named(way).cut(directions);
    }

    private void end(Nemesis nemesis) {
        switch (nemesis.kind()) {
            case KILL -> fleet.start(nemesis.target());
            case FREEZE -> fleet.resume(nemesis.target());
            case CUT, CUT_THERE, CUT_BACK, SLOW -> ways.named(nemesis.target()).heal();
            case DIE -> {} // the fleet does it
        }
    }

    private void note(String what, Runnable step) {
        String outcome = "";
        try {
            step.run();
        } catch (OpenFleet.Refused e) {
            outcome = ": " + e.getMessage();
        }
        notes.add("%6.1f s  %s%s".formatted((System.nanoTime() - begun) / 1e9, what, outcome));
    }

    private void sleepUntil(Duration sinceBegin) throws InterruptedException {
        Thread.sleep(Duration.ofNanos(Math.max(0, begun + sinceBegin.toNanos() - System.nanoTime())));
    }

    /** The schedule, what became of it, and how to do it again. */
    @Override
    public String toString() {
        return schedule + "\ndone:\n  " + String.join("\n  ", notes)
                + "\nreplay: mvn -pl e2e -am test -Dtest=FleetIT -Dsurefire.failIfNoSpecifiedTests=false -Dgatehouse.seed="
                + schedule.seed();
    }
}
