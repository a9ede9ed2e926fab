package dev.gatehouse.gateway.agentlink;

import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.shared.bus.Progress;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/** All contexts of a gateway that have links. Thread-safe. */
final class LinkHosts {

    private final List<LinkHost> hosts = new CopyOnWriteArrayList<>();
    private final AtomicInteger instances = new AtomicInteger();
    private volatile List<Integer> ports = List.of(0, 0);

    /** A host on the caller's context. */
    LinkHost add(GatewayLinks gateway) {
        LinkHost host = new LinkHost(gateway, instances.getAndIncrement());
        hosts.add(host);
        return host;
    }

    /** @param actualPorts of the endpoint's own address, and of that for a balancer if there is one */
    void listening(List<Integer> actualPorts) {
        ports = actualPorts;
    }

    /** Where agents are listened to; 0 before. */
    int port() {
        return ports.getFirst();
    }

    /** Where a balancer is listened to. */
    int proxyPort() {
        return ports.get(1);
    }

    void membersChanged() {
        hosts.forEach(LinkHost::membersChanged);
    }

    /** A worker's progress; each host picks the streams that are its own. */
    void progress(Progress progress) {
        hosts.forEach(host -> host.progress(progress));
    }

    void forEach(Consumer<AgentLink> say) {
        hosts.forEach(host -> host.forEach(say));
    }

    Future<Void> settled() {
        return all(LinkHost::settled);
    }

    Future<Void> close(LinkError reason) {
        return all(host -> host.close(reason));
    }

    Future<List<LinkHost.Load>> load() {
        List<Future<LinkHost.Load>> loads = hosts.stream().map(LinkHost::load).toList();
        return Future.all(loads).map(done -> loads.stream().map(Future::result).toList());
    }

    private Future<Void> all(Function<LinkHost, Future<Void>> ask) {
        return Future.all(hosts.stream().map(ask).toList()).mapEmpty();
    }
}
