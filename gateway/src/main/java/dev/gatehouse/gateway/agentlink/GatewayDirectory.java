package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.protocol.message.GatewayAddress;
import dev.gatehouse.shared.cluster.Member;
import dev.gatehouse.shared.cluster.Members;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.settings.HostPort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The live gateways and where agents reach each directly, as far as they have told. An address that several tell is a balancer's and is nobody's own. Thread-safe.
 */
public final class GatewayDirectory {

    private final String self;
    private final Members members;
    private final Map<String, String> addresses = new ConcurrentHashMap<>();
    private final Map<String, String> peerAddresses = new ConcurrentHashMap<>();

    public GatewayDirectory(String self, String address, Members members) {
        this.self = self;
        this.members = members;
        addresses.put(self, address);
    }

    String ownAddress() {
        return addresses.get(self);
    }

    public void tell(String gatewayId, String address) {
        addresses.put(gatewayId, address);
    }

    String ownPeerAddress() {
        return peerAddresses.getOrDefault(self, "");
    }

    /** Where other gateways reach it. */
    public void tellPeer(String gatewayId, String address) {
        peerAddresses.put(gatewayId, address);
    }

    /** Where other gateways reach it, once it has told. */
    public Optional<HostPort> peer(String gatewayId) {
        return Optional.ofNullable(peerAddresses.get(gatewayId))
                .filter(address -> !address.isEmpty())
                .map(HostPort::parse);
    }

    void left(String gatewayId) {
        addresses.remove(gatewayId);
        peerAddresses.remove(gatewayId);
    }

    List<String> live() {
        return members.with(Role.GATEWAY).stream().map(Member::id).toList();
    }

    /** For WELCOME. */
    List<GatewayAddress> all() {
        Map<String, Integer> uses = new HashMap<>();
        addresses.values().forEach(address -> uses.merge(address, 1, Integer::sum));
        List<GatewayAddress> all = new ArrayList<>();
        for (String id : live()) {
            String address = addresses.getOrDefault(id, "");
            all.add(GatewayAddress.newBuilder()
                    .setId(id)
                    .setAddress(uses.getOrDefault(address, 0) > 1 ? "" : address)
                    .build());
        }
        return all;
    }

    /** Every address that an agent may dial first: each once, balancers' too. */
    public List<String> dialable() {
        return addresses.values().stream()
                .filter(address -> !address.isEmpty())
                .distinct()
                .sorted()
                .toList();
    }
}
