package dev.gatehouse.bench.capture;

import dev.gatehouse.bench.load.LoadLink;
import dev.gatehouse.bench.load.Loops;
import dev.gatehouse.bench.load.SharedDial;
import dev.gatehouse.bench.target.BenchException;
import dev.gatehouse.bench.target.Identities;
import dev.gatehouse.bench.target.Target;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.stream.Chunk;
import dev.gatehouse.protocol.stream.Codec;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Agents that stream at once, and what was acknowledged of it in a span of time. Used by one thread; the links have their own. */
final class CaptureLoad {

    private static final int TEMPLATES = 16;
    private static final int DIALS_AT_ONCE = 48; // fewer than the handshakes that a gateway takes at once
    private static final int LINK_SECONDS = 120;

    /** What a mode does with a link that is open. */
    private interface Sending {
        void start(Vertx vertx, LoadLink link, int number);
    }

    private final Target target;
    private final List<Identities.Identity> identities;
    private final int warmUp;
    private final int seconds;
    private final boolean verify;
    private final LongAdder records = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong late = new AtomicLong();
    private boolean verified = true;
    private volatile boolean sending;
    private volatile Histogram latency = histogram();

    /**
     * @param warmUp seconds of load before each measurement
     * @param seconds of each measurement
     */
    CaptureLoad(Target target, List<Identities.Identity> identities, int warmUp, int seconds, boolean verify) {
        this.target = target;
        this.identities = identities;
        this.warmUp = warmUp;
        this.seconds = seconds;
        this.verify = verify;
    }

    JsonObject events(int eventBytes, Codec codec) throws BenchException, InterruptedException {
        Random random = new Random(1);
        List<ChunkTemplate> templates = new ArrayList<>();
        for (int i = 0; i < TEMPLATES; i++) {
            templates.add(ChunkTemplate.fullOfEvents(eventBytes, codec, random));
        }
        ChunkTemplate first = templates.getFirst();
        return flood("events", StreamKind.EVENTS, templates)
                .put("eventsPerChunk", first.records())
                .put("packedTo", (double) first.bytes().length() / first.plainLength());
    }

    /** Each chunk packed anew by the generator. */
    JsonObject eventsPackedAnew(int eventBytes) throws BenchException, InterruptedException {
        FreshEvents fresh = new FreshEvents(eventBytes, new Random(4));
        return run("events packed anew", StreamKind.EVENTS, (vertx, link, number) -> {
                    Runnable fill = () -> {
                        if (sending) {
                            link.fill(fresh::chunk, fresh.perChunk(), Chunk.HEADER_BYTES + Chunk.MAX_BYTES);
                        }
                    };
                    link.listen(records::add, this::took, fill);
                    fill.run();
                })
                .put("eventsPerChunk", fresh.perChunk());
    }

    JsonObject recording() throws BenchException, InterruptedException {
        return flood("recording", StreamKind.SCREEN, List.of(ChunkTemplate.recording(new Random(2))));
    }

    /** One chunk of one event each time it is due, spread over the agents. Counts from when it was due, so that a stall is not hidden by sending less. */
    JsonObject latency(int rate, int eventBytes) throws BenchException, InterruptedException {
        ChunkTemplate template = ChunkTemplate.events(1, eventBytes, Codec.NONE, new Random(3));
        long periodNanos = TimeUnit.SECONDS.toNanos(1) * identities.size() / rate;
        return run("latency", StreamKind.EVENTS, (vertx, link, number) -> {
                    long first = System.nanoTime() + number * periodNanos / identities.size();
                    AtomicLong due = new AtomicLong(first);
                    link.listen(records::add, this::took, () -> {});
                    vertx.setPeriodic(1, timer -> {
                        while (sending && due.get() <= System.nanoTime()) {
                            if (!link.one(template::chunk, 1, template.payloadLength(), due.get())) {
                                late.incrementAndGet();
                                return;
                            }
                            due.addAndGet(periodNanos);
                        }
                    });
                })
                .put("targetEventsPerSecond", rate);
    }

    /** Whether everything that was acknowledged in the modes so far is stored. */
    boolean isVerified() {
        return verified;
    }

    private JsonObject flood(String name, StreamKind kind, List<ChunkTemplate> templates)
            throws BenchException, InterruptedException {
        return run(name, kind, (vertx, link, number) -> {
            ChunkTemplate template = templates.get(number % templates.size());
            Runnable fill = () -> {
                if (sending) {
                    link.fill(template::chunk, 1, template.payloadLength());
                }
            };
            link.listen(
                    chunks -> {
                        records.add(chunks * template.records());
                        bytes.add(chunks * template.plainLength());
                    },
                    this::took,
                    fill);
            fill.run();
        });
    }

    private void took(long nanos) {
        latency.recordValue(Math.min(nanos / 1000, latency.getHighestTrackableValue()));
    }

    private JsonObject run(String name, StreamKind kind, Sending mode) throws BenchException, InterruptedException {
        lost.set(0);
        late.set(0);
        try (Loops loops = new Loops()) {
            SharedDial dial = new SharedDial(loops.vertx(), target, identities);
            List<LoadLink> links = new CopyOnWriteArrayList<>();
            List<Future<Void>> opened = new ArrayList<>();
            Semaphore dials = new Semaphore(DIALS_AT_ONCE);
            for (int i = 0; i < identities.size(); i++) {
                int number = i;
                dials.acquire();
                opened.add(Future.future(promise -> loops.of(number).runOnContext(own -> {
                    LoadLink link = new LoadLink(loops.vertx(), dial, number, at -> lost.incrementAndGet());
                    links.add(link);
                    link.connect()
                            .compose(welcome -> link.open(kind, "application/octet-stream"))
                            .onComplete(done -> dials.release())
                            .onComplete(promise);
                })));
            }
            Loops.await(Future.all(opened).mapEmpty(), LINK_SECONDS, "links");
            sending = true; // only now: who packs would starve those who still dial
            links.forEach(link ->
                    loops.of(link.number()).runOnContext(own -> mode.start(loops.vertx(), link, link.number())));
            JsonObject measured = measure(name);
            sending = false;
            Loops.await(
                    Future.all(links.stream().map(LoadLink::cut).toList()).mapEmpty(), LINK_SECONDS, "end of links");
            if (verify) {
                JsonObject stored = StoredCheck.of(
                        target, links.stream().map(LoadLink::acknowledged).toList());
                verified &= stored.getBoolean("verified");
                measured.put("stored", stored);
            }
            return measured;
        } finally {
            sending = false;
        }
    }

    private JsonObject measure(String name) throws InterruptedException {
        TimeUnit.SECONDS.sleep(warmUp);
        latency = histogram();
        long recordsBefore = records.sum();
        long bytesBefore = bytes.sum();
        long begun = System.nanoTime();
        for (int second = 1; second <= seconds; second++) {
            long before = records.sum();
            long bytesThen = bytes.sum();
            TimeUnit.SECONDS.sleep(1);
            System.err.printf(
                    "bench: %s %d/%d s: %,d events, %.1f MB, lost links %d%n",
                    name, second, seconds, records.sum() - before, (bytes.sum() - bytesThen) / 1e6, lost.get());
        }
        double took = (System.nanoTime() - begun) / 1e9;
        Histogram measured = latency;
        JsonObject result = new JsonObject()
                .put("eventsPerSecond", Math.round((records.sum() - recordsBefore) / took))
                .put("plainMBPerSecond", Math.round((bytes.sum() - bytesBefore) / took / 1e5) / 10.0)
                .put("ackP50Millis", measured.getValueAtPercentile(50) / 1000.0)
                .put("ackP99Millis", measured.getValueAtPercentile(99) / 1000.0)
                .put("ackMaxMillis", measured.getMaxValue() / 1000.0)
                .put("linksLost", lost.get());
        return late.get() == 0 ? result : result.put("waitedForWindow", late.get());
    }

    private static Histogram histogram() {
        return new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(2), 3);
    }
}
