package dev.gatehouse.shared.node;

import dev.gatehouse.shared.bus.Addresses;
import dev.gatehouse.shared.bus.Bus;
import dev.gatehouse.shared.cluster.HazelcastMembers;
import dev.gatehouse.shared.cluster.Member;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds out whether others still reach this node: every few seconds it asks another one, by chance, to send something back to this node's own address. A subscription that was lost while the cluster was parted shows up here and nowhere else. Also notices when the process stood still, and when its cluster gives way to another. Event loop.
 */
final class SelfProbe extends VerticleBase {

    static final Duration PERIOD = Duration.ofSeconds(3);

    private static final Duration TICK = Duration.ofSeconds(1);

    /** For the way back; the way there takes it, too. */
    private static final Duration BACK = Duration.ofSeconds(2);

    private static final Duration THERE_AND_BACK = Duration.ofSeconds(4);

    /** What comes back is asked for by nobody's name. */
    private static final String NOBODY = "";

    private final String self;
    private final HazelcastMembers members;
    private final Sickness sickness;
    private final Duration heartbeatLimit;
    private Bus bus;
    private ProbeVerdict verdict;
    private FreezeWatch freeze;

    /** @param heartbeatLimit after which a silent member has left */
    SelfProbe(String self, HazelcastMembers members, Duration heartbeatLimit, Sickness sickness) {
        this.self = self;
        this.members = members;
        this.heartbeatLimit = heartbeatLimit;
        this.sickness = sickness;
    }

    @Override
    public Future<?> start() {
        bus = new Bus(vertx, members);
        long now = System.nanoTime();
        Duration patience = heartbeatLimit.plus(PERIOD);
        verdict = new ProbeVerdict(patience.compareTo(ProbeVerdict.LIMIT) > 0 ? patience : ProbeVerdict.LIMIT, now);
        freeze = new FreezeWatch(heartbeatLimit, now);
        members.onMerge(() -> sickness.report(
                "the cluster was parted, and this node's part gives way to the other: what others know of it is lost"));
        vertx.setPeriodic(TICK.toMillis(), tick -> tick());
        vertx.setPeriodic(PERIOD.toMillis(), tick -> probe());
        return bus.answer(Addresses.probe(self), String.class, this::answer).completion();
    }

    private Future<String> answer(String asker) {
        return asker.equals(NOBODY)
                ? Future.succeededFuture(self)
                : bus.request(asker, Addresses.probe(asker), NOBODY, BACK);
    }

    private void tick() {
        Duration gap = freeze.tick(!others().isEmpty(), System.nanoTime());
        if (!gap.isZero()) {
            sickness.report("the process stood still for " + gap.toSeconds() + " s, and others wait "
                    + heartbeatLimit.toSeconds() + " s");
        }
    }

    private void probe() {
        List<Member> others = others();
        if (others.isEmpty()) {
            verdict.alone(System.nanoTime());
            return;
        }
        String other =
                others.get(ThreadLocalRandom.current().nextInt(others.size())).id();
        bus.<String>request(other, Addresses.probe(other), self, THERE_AND_BACK)
                .onSuccess(back -> verdict.succeeded(System.nanoTime()))
                .onFailure(cause -> failed(other, others().size(), cause));
    }

    private void failed(String other, int others, Throwable cause) {
        if (others > 0 && verdict.failed(other, others, System.nanoTime())) {
            sickness.report("no other node reaches it over the bus any more; the last that was asked, " + other
                    + ", says: " + cause.getMessage());
        }
    }

    private List<Member> others() {
        return members.all().stream()
                .filter(member -> !member.id().equals(self))
                .toList();
    }
}
