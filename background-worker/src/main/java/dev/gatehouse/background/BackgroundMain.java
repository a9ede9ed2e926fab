package dev.gatehouse.background;

import dev.gatehouse.shared.node.ServiceMain;
import dev.gatehouse.shared.store.Stores;

/** {@code gatehouse background-worker}. */
public final class BackgroundMain {

    private BackgroundMain() {}

    public static void main(String[] arguments) {
        ServiceMain.run(arguments, Stores::open, new BackgroundService());
    }
}
