package dev.gatehouse.shared.node;

import dev.gatehouse.shared.cluster.Cluster;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.node.EndpointsSettings.Endpoint;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Under which host names and addresses a process is reached: what its certificate as a node must name. */
final class ReachedAt {

    private static final List<String> LOCAL = List.of("localhost", "127.0.0.1", "::1");
    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

    private ReachedAt() {}

    static Set<String> of(Settings settings, Set<Role> roles) {
        Set<String> names = new LinkedHashSet<>(LOCAL);
        names.addAll(Cluster.addresses(settings.cluster()));
        names.add(NodeName.hostName());
        EndpointsSettings endpoints = settings.endpoints();
        if (roles.contains(Role.GATEWAY)) {
            for (Endpoint endpoint : List.of(endpoints.agent(), endpoints.access(), endpoints.peer())) {
                add(names, endpoint);
            }
            names.add(settings.access().domain());
            names.add("*." + settings.access().domain()); // each web app has its own below it
        }
        if (roles.contains(Role.ADMIN_API)) {
            add(names, endpoints.admin());
        }
        return names;
    }

    private static void add(Set<String> names, Endpoint endpoint) {
        names.addAll(endpoint.names());
        endpoint.serverAddress().ifPresent(address -> names.add(address.host()));
        if (!EVERYWHERE.contains(endpoint.bindingAddress().host())) {
            names.add(endpoint.bindingAddress().host());
        }
    }
}
