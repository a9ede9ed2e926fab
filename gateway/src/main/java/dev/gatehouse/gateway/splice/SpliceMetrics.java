package dev.gatehouse.gateway.splice;

import dev.gatehouse.protocol.message.CloseCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What a gateway counts of tunnels. Thread-safe. */
public final class SpliceMetrics implements Traffic {

    private final Counter bytesUp;
    private final Counter bytesDown;
    private final Counter opened;
    private final Counter resumed;
    private final Map<CloseCode, Counter> refused = new EnumMap<>(CloseCode.class);

    public SpliceMetrics(MeterRegistry meters) {
        bytesUp = bytes(meters, "up");
        bytesDown = bytes(meters, "down");
        opened = attached(meters, "open");
        resumed = attached(meters, "resume");
        for (CloseCode code : CloseCode.values()) {
            if (code != CloseCode.UNRECOGNIZED) {
                refused.put(
                        code,
                        Counter.builder("gatehouse_gateway_tunnels_refused")
                                .description("Tunnels that were not opened or resumed through this gateway")
                                .tag("reason", code.name().toLowerCase(Locale.ROOT))
                                .register(meters));
            }
        }
    }

    private static Counter bytes(MeterRegistry meters, String direction) {
        return Counter.builder("gatehouse_gateway_tunnel_bytes")
                .description("Bytes of tunnels sent on by this gateway: up to agents, down to users")
                .baseUnit("bytes")
                .tag("direction", direction)
                .register(meters);
    }

    private static Counter attached(MeterRegistry meters, String how) {
        return Counter.builder("gatehouse_gateway_tunnels_attached")
                .description("Tunnels that were opened or resumed through this gateway")
                .tag("how", how)
                .register(meters);
    }

    @Override
    public void relayed(boolean up, int bytes) {
        (up ? bytesUp : bytesDown).increment(bytes);
    }

    void attached(boolean resume) {
        (resume ? resumed : opened).increment();
    }

    void refused(CloseCode code) {
        Counter counter = refused.get(code);
        if (counter != null) {
            counter.increment();
        }
    }
}
