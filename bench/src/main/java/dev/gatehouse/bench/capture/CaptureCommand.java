package dev.gatehouse.bench.capture;

import dev.gatehouse.bench.target.BenchException;
import dev.gatehouse.bench.target.Identities;
import dev.gatehouse.bench.target.Target;
import dev.gatehouse.bench.target.TargetOptions;
import dev.gatehouse.protocol.stream.Codec;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gatehouse bench capture}: how many events or bytes become durable, and how long an acknowledgement takes. */
@Command(
        name = "capture",
        mixinStandardHelpOptions = true,
        description =
                "Streams from many agents at once; every figure counts what was acknowledged, which means durable.")
public final class CaptureCommand implements Callable<Integer> {

    /** What is sent. */
    enum Mode {
        /** Events in chunks that were packed before, as many as go through. */
        EVENTS,
        /** Events, each chunk packed when it is sent, as many as generator and target together can. */
        FRESH,
        /** 62-KiB chunks of a recording, as many as go through. */
        RECORDING,
        /** Events at a fixed rate, each a chunk of its own: what an acknowledgement takes. */
        LATENCY,
        /** All of these, one after the other. */
        ALL
    }

    @Mixin
    private TargetOptions target = new TargetOptions();

    @Option(names = "--mode", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Mode mode = Mode.ALL;

    @Option(names = "--agents", description = "Agents at once (default: ${DEFAULT-VALUE})")
    private int agents = 50;

    @Option(names = "--seconds", description = "How long each mode is measured (default: ${DEFAULT-VALUE})")
    private int seconds = 10;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            description = "Load before each measurement, until code is compiled (default: ${DEFAULT-VALUE})")
    private int warmUp = 10;

    @Option(names = "--event-bytes", description = "Length of an event (default: ${DEFAULT-VALUE})")
    private int eventBytes = 300;

    @Option(
            names = "--rate",
            description = "Events per second in mode latency, all agents together (default: ${DEFAULT-VALUE})")
    private int rate = 1000;

    @Option(names = "--codec", description = "How event chunks are packed: none or zstd (default: ${DEFAULT-VALUE})")
    private Codec codec = Codec.ZSTD;

    @Option(
            names = "--verify",
            description = "Read back all that was acknowledged, also of a Gatehouse that is not the bench's own")
    private boolean verify;

    @Override
    public Integer call() throws InterruptedException {
        return target.load(agents, this::run);
    }

    private JsonObject run(Target gatehouse, List<Identities.Identity> identities)
            throws BenchException, InterruptedException {
        JsonObject result = new JsonObject()
                .put("bench", "capture")
                .put("agents", agents)
                .put("seconds", seconds)
                .put("eventBytes", eventBytes)
                .put("codec", codec.name().toLowerCase(java.util.Locale.ROOT));
        CaptureLoad load = new CaptureLoad(gatehouse, identities, warmUp, seconds, verify || target.isOwn());
        if (mode == Mode.LATENCY || mode == Mode.ALL) {
            result.put("latency", load.latency(rate, eventBytes));
        }
        if (mode == Mode.RECORDING || mode == Mode.ALL) {
            result.put("recording", load.recording());
        }
        if (mode == Mode.EVENTS || mode == Mode.ALL) {
            result.put("events", load.events(eventBytes, codec));
        }
        if (mode == Mode.FRESH || mode == Mode.ALL) {
            result.put("eventsPackedAnew", load.eventsPackedAnew(eventBytes));
        }
        if (verify || target.isOwn()) {
            result.put("verified", load.isVerified());
        }
        return result;
    }
}
