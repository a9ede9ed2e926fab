package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.forward.ForwarderBench.Batch;
import dev.gatehouse.gateway.forward.ForwarderBench.TestLink;
import dev.gatehouse.protocol.wire.ProtocolException;
import dev.gatehouse.shared.bus.ChunkBatch.Reply;
import dev.gatehouse.shared.bus.Progress.Fault;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;

/** A worker behind a bus that loses batches and answers, which refuses at random and takes batches by their numbers only. */
final class UnreliableWorker {

    private final Random random;
    private final ForwarderBench bench = new ForwarderBench("w-1");
    private final Queue<Batch> bus = new ArrayDeque<>();
    private final List<Long> taken = new ArrayList<>();
    private long expected = 1;

    UnreliableWorker(long seed) {
        random = new Random(seed);
    }

    /** Sends that many chunks through it; answers the sequences in the order in which it took them. */
    List<Long> run(UUID stream, int chunks) throws ProtocolException {
        TestLink link = bench.linkWith(stream, 1);
        long next = 0;
        for (int step = 0; step < 200_000 && taken.size() < chunks; step++) {
            if (next < chunks && random.nextInt(3) == 0) {
                link.send(1, ForwarderBench.chunk(next++, 10));
            }
            bus.addAll(bench.batches);
            bench.batches.clear();
            Batch batch = random.nextBoolean() ? bus.poll() : null;
            if (batch != null && random.nextInt(5) != 0) {
                Reply reply = take(batch);
                if (random.nextInt(5) != 0) {
                    bench.replyTo(batch, reply);
                }
            }
            if (random.nextInt(4) == 0) {
                bench.progress("w-1", stream, taken.size(), Fault.NONE);
            }
            bench.after(Duration.ofMillis(random.nextInt(100)));
        }
        return taken;
    }

    private Reply take(Batch batch) {
        if (batch.number() > expected || (batch.number() == expected && random.nextInt(10) == 0)) {
            return Reply.BUSY;
        }
        if (batch.number() == expected) {
            taken.addAll(batch.sequences());
            expected++;
        }
        return Reply.ACCEPTED;
    }
}
