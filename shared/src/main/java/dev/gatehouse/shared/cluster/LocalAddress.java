package dev.gatehouse.shared.cluster;

import dev.gatehouse.shared.settings.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;

/** Turns what may be written for an address of the cluster into what Hazelcast and the event bus need: an IP address that others can reach, and a port. */
final class LocalAddress {

    private LocalAddress() {}

    /** The address that others are told for a host to bind. */
    static String host(HostPort address) {
        try {
            return resolve(address.host()).getHostAddress();
        } catch (IOException e) {
            throw new UncheckedIOException("the address " + address + " is not one of this host: " + e.getMessage(), e);
        }
    }

    /** A name is resolved, the wildcard becomes this host's first address, port 0 a free port. */
    static HostPort concrete(HostPort address) {
        try {
            InetAddress host = resolve(address.host());
            return new HostPort(host.getHostAddress(), address.port() == 0 ? freePort(host) : address.port());
        } catch (IOException e) {
            throw new UncheckedIOException("the address " + address + " is not one of this host: " + e.getMessage(), e);
        }
    }

    private static InetAddress resolve(String host) throws IOException {
        InetAddress resolved = InetAddress.getByName(host);
        return resolved.isAnyLocalAddress() ? firstOfHost() : resolved;
    }

    private static InetAddress firstOfHost() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst()
                .orElse(InetAddress.getLoopbackAddress());
    }

    private static int freePort(InetAddress host) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, host)) {
            return socket.getLocalPort();
        }
    }
}
