package dev.gatehouse.bench.links;

import dev.gatehouse.bench.load.Loops;
import dev.gatehouse.bench.target.TargetOptions;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gatehouse bench links}: how fast agents link, how many stay, and what an idle one costs the gateway. */
@Command(
        name = "links",
        mixinStandardHelpOptions = true,
        description = "Links many enrolled agents, which then only send heartbeats; then cuts most of them at once,"
                + " as when a gateway dies, and links them again beside those that stay.")
public final class LinksCommand implements Callable<Integer> {

    @Mixin
    private TargetOptions target = new TargetOptions();

    @Option(names = "--agents", description = "Agents, a link each (default: ${DEFAULT-VALUE})")
    private int agents = 2000;

    @Option(names = "--at-once", description = "Dials in progress at once (default: ${DEFAULT-VALUE})")
    private int atOnce = 48;

    @Option(names = "--again", description = "How often they are cut and linked again (default: ${DEFAULT-VALUE})")
    private int again = 1;

    @Option(names = "--seconds", description = "How long they idle (default: ${DEFAULT-VALUE})")
    private int seconds = 15;

    @Option(
            names = "--pid",
            description = "The gateway's process, whose memory and CPU are read (default: that of a local Gatehouse)")
    private long pid;

    @Override
    public Integer call() throws InterruptedException {
        return target.load(agents, (gatehouse, identities) -> {
            JsonObject result =
                    new JsonObject().put("bench", "links").put("agents", agents).put("idleSeconds", seconds);
            long gateway = pid != 0 ? pid : gatehouse.pid();
            try (Loops loops = new Loops()) {
                LinksLoad load = new LinksLoad(loops, gatehouse, identities, atOnce, gateway);
                ProcessFigures before = ProcessFigures.settled(gateway);
                result.put("first", load.linkAll());
                System.err.printf("bench: idle for %d s%n", seconds);
                TimeUnit.SECONDS.sleep(seconds);
                result.put("lostWhileIdle", load.lost());
                memory(before, ProcessFigures.settled(gateway), result);
                for (int time = 1; time <= again; time++) {
                    result.put(time == 1 ? "again" : "again" + time, load.cutAndLinkAgain());
                }
                result.put("lost", load.lost());
                load.close();
            }
            return result;
        });
    }

    private void memory(ProcessFigures before, ProcessFigures after, JsonObject result) {
        if (after.residentBytes() > 0) {
            result.put("residentKiBPerLink", (after.residentBytes() - before.residentBytes()) / 1024.0 / agents);
        }
        if (after.liveHeapBytes() > 0) {
            result.put("liveHeapKiBPerLink", (after.liveHeapBytes() - before.liveHeapBytes()) / 1024.0 / agents);
        }
    }
}
