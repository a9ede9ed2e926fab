package dev.gatehouse.bench.links;

import dev.gatehouse.bench.load.LoadLink;
import dev.gatehouse.bench.load.Loops;
import dev.gatehouse.bench.load.SharedDial;
import dev.gatehouse.bench.target.BenchException;
import dev.gatehouse.bench.target.Identities;
import dev.gatehouse.bench.target.Target;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntPredicate;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Agents that only link and send heartbeats. One in {@link #STAYS} is never cut and watches how fast the gateway answers. Used by one thread. */
final class LinksLoad {

    static final int STAYS = 10;

    private static final int LINK_SECONDS = 300;
    private static final int CUT_SECONDS = 60;
    private static final int STEP = 1_000;
    private static final long WATCH_MILLIS = 1_000;

    private final Loops loops;
    private final int agents;
    private final int atOnce;
    private final long gateway;
    private final SharedDial dial;
    private final AtomicReferenceArray<LoadLink> links;
    private final AtomicInteger lost = new AtomicInteger();
    private volatile Histogram late = histogram();

    LinksLoad(Loops loops, Target target, List<Identities.Identity> identities, int atOnce, long gateway) {
        this.loops = loops;
        this.agents = identities.size();
        this.atOnce = atOnce;
        this.gateway = gateway;
        this.dial = new SharedDial(loops.vertx(), target, identities);
        this.links = new AtomicReferenceArray<>(agents);
    }

    /** Links that ended though nobody asked for it. */
    int lost() {
        return lost.get();
    }

    JsonObject linkAll() throws BenchException, InterruptedException {
        JsonObject linked = link("first", number -> true);
        for (int number = 0; number < agents; number += STAYS) {
            LoadLink link = links.get(number);
            loops.of(number).runOnContext(own -> link.watch(WATCH_MILLIS, this::answeredAfter));
        }
        return linked;
    }

    /** Ends all but those that stay without a word, and dials at once. */
    JsonObject cutAndLinkAgain() throws BenchException, InterruptedException {
        System.err.println("bench: cutting links");
        late = histogram();
        Semaphore cut = new Semaphore(0);
        for (int number = 0; number < agents; number++) {
            if (number % STAYS != 0) {
                links.get(number).cut().onComplete(done -> cut.release());
            }
        }
        if (!cut.tryAcquire(agents - stayers(), CUT_SECONDS, TimeUnit.SECONDS)) {
            throw new BenchException("links are not cut within " + CUT_SECONDS + " s");
        }
        JsonObject linked = link("again", number -> number % STAYS != 0);
        Histogram measured = late;
        return linked.put("stayed", stayers())
                .put("othersLateP99Millis", measured.getValueAtPercentile(99) / 1000.0)
                .put("othersLateMaxMillis", measured.getMaxValue() / 1000.0);
    }

    private int stayers() {
        return (agents + STAYS - 1) / STAYS;
    }

    void close() {
        for (int number = 0; number < agents; number++) {
            links.get(number).cut();
        }
    }

    private void answeredAfter(long nanos) {
        Histogram now = late;
        now.recordValue(Math.min(nanos / 1000, now.getHighestTrackableValue()));
    }

    private JsonObject link(String name, IntPredicate which) throws BenchException, InterruptedException {
        Semaphore permits = new Semaphore(atOnce);
        AtomicInteger welcomed = new AtomicInteger();
        ConcurrentLinkedQueue<String> refusals = new ConcurrentLinkedQueue<>();
        ProcessFigures gatewayBefore = ProcessFigures.of(gateway);
        ProcessFigures ownBefore = own();
        long begun = System.nanoTime();
        for (int i = 0; i < agents; i++) {
            int number = i;
            if (!which.test(number)) {
                continue;
            }
            if (!permits.tryAcquire(LINK_SECONDS, TimeUnit.SECONDS)) {
                throw new BenchException("links do not come up");
            }
            loops.of(number).runOnContext(own -> {
                LoadLink link = new LoadLink(loops.vertx(), dial, number, at -> lost.incrementAndGet());
                links.set(number, link);
                link.connect()
                        .onSuccess(welcome -> {
                            if (welcomed.incrementAndGet() % STEP == 0) {
                                System.err.printf("bench: %,d links%n", welcomed.get());
                            }
                        })
                        .onFailure(cause -> refusals.add(String.valueOf(cause.getMessage())))
                        .onComplete(done -> permits.release());
            });
        }
        if (!permits.tryAcquire(atOnce, LINK_SECONDS, TimeUnit.SECONDS)) {
            throw new BenchException("links do not come up");
        }
        double took = (System.nanoTime() - begun) / 1e9;
        System.err.printf("bench: %s: %,d links in %.1f s, %d refused%n", name, welcomed.get(), took, refusals.size());
        int made = Math.max(1, welcomed.get());
        JsonObject result = new JsonObject()
                .put("links", welcomed.get())
                .put("linksPerSecond", Math.round(welcomed.get() / took))
                .put("generatorCpuMillisPerLink", perLink(own(), ownBefore, made))
                .put("refused", refusals.size());
        if (gateway != 0) {
            result.put("gatewayCpuMillisPerLink", perLink(ProcessFigures.of(gateway), gatewayBefore, made));
        }
        return refusals.isEmpty() ? result : result.put("refusedFor", refusals.peek());
    }

    private static ProcessFigures own() {
        return ProcessFigures.of(ProcessHandle.current().pid());
    }

    private static double perLink(ProcessFigures after, ProcessFigures before, int links) {
        return Math.round((after.cpuMillis() - before.cpuMillis()) * 1000.0 / links) / 1000.0;
    }

    private static Histogram histogram() {
        return new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(2), 3);
    }
}
