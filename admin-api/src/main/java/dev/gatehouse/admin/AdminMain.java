package dev.gatehouse.admin;

import dev.gatehouse.shared.node.ServiceMain;
import dev.gatehouse.shared.store.Stores;

/** The service {@code admin-api} as a process of its own. */
public final class AdminMain {

    private AdminMain() {}

    public static void main(String[] arguments) {
        ServiceMain.run(arguments, Stores::open, new AdminService());
    }
}
