package dev.gatehouse.gateway;

import dev.gatehouse.shared.node.ServiceMain;
import dev.gatehouse.shared.store.Stores;

/** {@code gatehouse gateway}. */
public final class GatewayMain {

    private GatewayMain() {}

    public static void main(String[] arguments) {
        ServiceMain.run(arguments, Stores::open, new GatewayService());
    }
}
