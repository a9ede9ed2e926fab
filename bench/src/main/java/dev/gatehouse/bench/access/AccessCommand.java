package dev.gatehouse.bench.access;

import dev.gatehouse.bench.target.TargetOptions;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gatehouse bench access}: what goes through a tunnel, what it costs, and how long a byte takes. */
@Command(
        name = "access",
        mixinStandardHelpOptions = true,
        description = "Connections through `connect`, a gateway and an agent, each a process of its own; then the same"
                + " directly. CPU is that of gateway and agent.")
public final class AccessCommand implements Callable<Integer> {

    @Mixin
    private TargetOptions target = new TargetOptions();

    @Option(
            names = "--streams",
            split = ",",
            description = "At once, each number measured by itself (default: ${DEFAULT-VALUE})")
    private List<Integer> streams = List.of(1, 16);

    @Option(names = "--seconds", description = "How long each figure is measured (default: ${DEFAULT-VALUE})")
    private int seconds = 5;

    @Override
    public Integer call() throws InterruptedException {
        return target.load(
                1,
                (gatehouse, unused) -> new JsonObject()
                        .put("bench", "access")
                        .put("seconds", seconds)
                        .mergeIn(new AccessLoad(gatehouse, seconds, streams).run()));
    }
}
