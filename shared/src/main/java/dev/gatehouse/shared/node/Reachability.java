package dev.gatehouse.shared.node;

import dev.gatehouse.protocol.transport.Trust;
import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.node.EndpointsSettings.Endpoint;
import dev.gatehouse.shared.settings.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Dials each {@code serverAddress} of this process as those who are told it would: somebody must answer, and be known by the name. What does not work is said, and nothing else: a balancer may need a while to find this node. Blocking. */
final class Reachability {

    private static final int CONNECT_MILLIS = 3_000;

    /** Before each attempt: a balancer takes note of a new node meanwhile. */
    private static final List<Duration> PAUSES =
            List.of(Duration.ofMillis(100), Duration.ofSeconds(3), Duration.ofSeconds(10));

    private static final Logger log = LoggerFactory.getLogger(Reachability.class);

    private final Map<String, HostPort> told;
    private final SSLContext tls;

    /** @param nodesCa by which endpoints are known; the system's CAs are as good, for what a balancer shows */
    Reachability(EndpointsSettings endpoints, Set<Role> roles, X509Certificate nodesCa) {
        this.told = told(endpoints, roles);
        try {
            tls = SSLContext.getInstance("TLS");
            tls.init(null, new TrustManager[] {Trust.orSystem(List.of(nodesCa))}, null);
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /** Tries, in the background, each address a few times, and says which are not reached. */
    void check() {
        told.forEach((name, address) -> Thread.ofVirtual().name("reach " + name).start(() -> check(name, address)));
    }

    private void check(String name, HostPort address) {
        try {
            Optional<String> problem = Optional.empty();
            for (Duration pause : PAUSES) {
                Thread.sleep(pause.toMillis());
                problem = problem(address);
                if (problem.isEmpty()) {
                    log.debug("endpoints.{}.serverAddress {} is reached", name, address);
                    return;
                }
            }
            log.warn(
                    "endpoints.{}.serverAddress {}, which others are told, is not reached from here: {}",
                    name,
                    address,
                    problem.orElseThrow());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What keeps others from using the address; empty if nothing. */
    Optional<String> problem(HostPort address) {
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS);
            plain.setSoTimeout(CONNECT_MILLIS);
            try (SSLSocket secured =
                    (SSLSocket) tls.getSocketFactory().createSocket(plain, address.host(), address.port(), true)) {
                SSLParameters parameters = secured.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                secured.setSSLParameters(parameters);
                secured.startHandshake(); // what wants a client's certificate says so only later
                return Optional.empty();
            }
        } catch (IOException e) {
            return Optional.of(reason(e));
        }
    }

    private static Map<String, HostPort> told(EndpointsSettings endpoints, Set<Role> roles) {
        Map<String, Endpoint> served = new LinkedHashMap<>();
        if (roles.contains(Role.GATEWAY)) {
            served.put("agent", endpoints.agent());
            served.put("access", endpoints.access());
        }
        if (roles.contains(Role.ADMIN_API)) {
            served.put("admin", endpoints.admin());
        }
        Map<String, HostPort> told = new LinkedHashMap<>();
        served.forEach((name, endpoint) -> endpoint.serverAddress().ifPresent(address -> told.put(name, address)));
        return told;
    }

    private static String reason(IOException failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
