package dev.gatehouse.gateway.agentlink;

import java.util.List;

/**
 * Gateway to gateways, one way: links that were registered or have gone. A hint: lost, it costs an older link a little time.
 *
 * @param gatewayId whose links
 * @param address where agents reach that gateway directly; empty if only its balancer can
 * @param peerAddress where other gateways reach it
 */
record LinkNotice(String gatewayId, String address, String peerAddress, List<Item> items) {

    /** Most items of one message. */
    static final int MAX_ITEMS = 1000;

    /**
     * @param registered or gone
     */
    record Item(Claim claim, long sinceMillis, boolean registered) {}
}
