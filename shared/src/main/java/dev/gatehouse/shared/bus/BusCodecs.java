package dev.gatehouse.shared.bus;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import java.util.concurrent.atomic.LongAdder;

/** The codecs of what Gatehouse sends over the event bus. */
public final class BusCodecs {

    private BusCodecs() {}

    /** Makes the event bus know them; repeating it is harmless. */
    public static void register(Vertx vertx) {
        EventBus bus = vertx.eventBus();
        register(bus, ChunkBatch.class, new ChunkBatchCodec());
        register(bus, ChunkBatch.Reply.class, new ReplyCodec());
        register(bus, StreamOpening.class, new StreamOpeningCodec());
        register(bus, Progress.class, new ProgressCodec());
    }

    /** Counts the messages that could not be read: nodes of versions that do not go together, or somebody else's. */
    public static void count(MeterRegistry meters) {
        FunctionCounter.builder("gatehouse.bus.malformed", LocalCodec.malformed, LongAdder::sum)
                .description("Messages from the bus that could not be read")
                .register(meters);
    }

    private static <T> void register(EventBus bus, Class<T> type, MessageCodec<T, ?> codec) {
        try {
            bus.registerDefaultCodec(type, codec);
        } catch (IllegalStateException known) {
            // the event bus cannot be asked whether it knows a codec
        }
    }
}
