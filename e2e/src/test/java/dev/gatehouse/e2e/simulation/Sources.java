package dev.gatehouse.e2e.simulation;

import dev.gatehouse.agent.spool.ChunkDraft;
import dev.gatehouse.agent.spool.SteppedSpool;
import dev.gatehouse.agent.spool.StreamInfo;
import dev.gatehouse.agent.spool.StreamView;
import dev.gatehouse.protocol.message.StreamKind;
import dev.gatehouse.protocol.stream.Codec;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What an agent captures: a few streams at a time, mostly little, now and then much at once or a whole file. */
final class Sources {

    private static final int MOST_STREAMS = 4;
    private static final StreamKind[] KINDS = {StreamKind.EVENTS, StreamKind.SCREEN, StreamKind.FILE};

    private final World world;
    private final Clock clock;
    private final SteppedSpool spool;

    Sources(World world, SteppedSpool spool) {
        this.world = world;
        this.clock = world.clock;
        this.spool = spool;
    }

    /** Puts some chunks. @return the numbers of their contents */
    List<Long> capture() {
        UUID stream = stream();
        List<Long> contents = new ArrayList<>();
        long count = clock.between(1, 16);
        for (int i = 0; i < count; i++) {
            long content = ++world.contents;
            boolean last = clock.chance(0.02);
            Buffer bytes = Buffer.buffer().appendLong(content).appendBytes(new byte[(int) clock.between(0, 6000)]);
            spool.append(
                    stream,
                    new ChunkDraft(
                            0,
                            0,
                            1,
                            Codec.NONE,
                            bytes.length(),
                            false,
                            bytes,
                            last ? Optional.of(Buffer.buffer(new byte[32])) : Optional.empty()));
            contents.add(content);
            if (last) {
                break;
            }
        }
        return contents;
    }

    private UUID stream() {
        List<StreamView> open =
                spool.streams().stream().filter(view -> !view.finished()).toList();
        if (open.isEmpty() || (open.size() < MOST_STREAMS && clock.chance(0.1))) {
            StreamKind kind = KINDS[clock.random.nextInt(KINDS.length)];
            return spool.openStream(new StreamInfo(clock.id(), kind, "", "", "", 0));
        }
        return open.get(clock.random.nextInt(open.size())).info().id();
    }
}
