package dev.gatehouse.standalone.up;

import dev.gatehouse.shared.node.Node;
import dev.gatehouse.standalone.home.Home;

final class DemoAgent {
    static DemoAgent start(Home home, Node node, Ready ready) {
        return new DemoAgent();
    }

    void close() {}
}
