package dev.gatehouse.ingest;

import dev.gatehouse.shared.node.ServiceMain;
import dev.gatehouse.shared.store.Stores;

/** {@code gatehouse ingest-worker}. */
public final class IngestMain {

    private IngestMain() {}

    public static void main(String[] arguments) {
        ServiceMain.run(arguments, Stores::open, new IngestService());
    }
}
