package dev.gatehouse.bench.links;

import dev.gatehouse.bench.load.Identities;
import dev.gatehouse.bench.load.LoadLink;
import dev.gatehouse.bench.target.BenchException;
import dev.gatehouse.bench.target.Target;
import dev.gatehouse.bench.target.TargetOptions;
import dev.gatehouse.protocol.transport.Dial;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gatehouse bench links}: how fast agents link, how many stay, and what an idle one costs the gateway. */
@Command(
        name = "links",
        mixinStandardHelpOptions = true,
        description =
                "Links many enrolled agents, which then only send heartbeats; then drops all and links them again.")
public final class LinksCommand implements Callable<Integer> {

    private static final int DIALS_AT_ONCE = 64;
    private static final int LINK_SECONDS = 300;

    @Mixin
    private TargetOptions target = new TargetOptions();

    @Option(names = "--agents", description = "Agents (default: ${DEFAULT-VALUE})")
    private int agents = 2000;

    @Option(names = "--seconds", description = "How long they idle (default: ${DEFAULT-VALUE})")
    private int seconds = 15;

    @Option(
            names = "--pid",
            description = "The gateway's process, whose memory is read (default: that of the local Gatehouse)")
    private long pid;

    private final AtomicInteger lost = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> refusals = new ConcurrentLinkedQueue<>();

    @Override
    public Integer call() throws InterruptedException {
        try {
            return target.with(this::run);
        } catch (BenchException e) {
            System.err.println("bench: " + e.getMessage());
            return 1;
        }
    }

    private int run(Target gatehouse) throws BenchException, InterruptedException {
        List<Identities.Identity> identities;
        try (Identities enrolment = new Identities(gatehouse)) {
            identities = enrolment.enrol(agents);
        }
        JsonObject result =
                new JsonObject().put("bench", "links").put("agents", agents).put("idleSeconds", seconds);
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setPreferNativeTransport(true));
        long process = pid != 0 ? pid : gatehouse.pid();
        long before = residentBytes(process);
        List<LoadLink> links = new ArrayList<>();
        List<Dial> dials = identities.stream()
                .map(identity -> LoadLink.dial(vertx, gatehouse, identity))
                .toList();
        result.put("first", link(vertx, gatehouse, identities, dials, links));
        TimeUnit.SECONDS.sleep(seconds);
        long after = residentBytes(process);
        result.put("lostWhileIdle", lost.get());
        if (before > 0) {
            result.put("residentKiBPerLink", (after - before) / 1024 / Math.max(1, agents - refusals.size()));
        }
        System.err.println("bench: dropping all links");
        links.forEach(LoadLink::close);
        links.clear();
        TimeUnit.SECONDS.sleep(2);
        result.put("again", link(vertx, gatehouse, identities, dials, links));
        links.forEach(LoadLink::close);
        vertx.close().await();
        System.out.println(result.encode());
        return 0;
    }

    private JsonObject link(
            Vertx vertx, Target gatehouse, List<Identities.Identity> identities, List<Dial> dials, List<LoadLink> links)
            throws InterruptedException, BenchException {
        Semaphore permits = new Semaphore(DIALS_AT_ONCE);
        AtomicInteger welcomed = new AtomicInteger();
        refusals.clear();
        long begun = System.nanoTime();
        for (int i = 0; i < identities.size(); i++) {
            Identities.Identity identity = identities.get(i);
            Dial dial = dials.get(i);
            if (!permits.tryAcquire(LINK_SECONDS, TimeUnit.SECONDS)) {
                throw new BenchException("links do not come up");
            }
            vertx.runOnContext(own -> {
                LoadLink link = new LoadLink(vertx, gatehouse, identity, dial, at -> lost.incrementAndGet());
                synchronized (links) {
                    links.add(link);
                }
                link.connect()
                        .onSuccess(welcome -> welcomed.incrementAndGet())
                        .onFailure(cause -> refusals.add(String.valueOf(cause.getMessage())))
                        .onComplete(done -> permits.release());
            });
        }
        permits.acquire(DIALS_AT_ONCE);
        double took = (System.nanoTime() - begun) / 1e9;
        System.err.printf("bench: %d links in %.1f s, %d refused%n", welcomed.get(), took, refusals.size());
        JsonObject result = new JsonObject()
                .put("links", welcomed.get())
                .put("linksPerSecond", Math.round(welcomed.get() / took))
                .put("refused", refusals.size());
        return refusals.isEmpty() ? result : result.put("refusedFor", refusals.peek());
    }

    /** What the kernel says that a process has in memory; 0 if it cannot be read. */
    private static long residentBytes(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
