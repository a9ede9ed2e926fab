package dev.gatehouse.shared.node;

import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.shared.trust.NodeUri;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a process is called.
 *
 * @param id the name and a random part: unique for each start
 * @param name for people; unique among live nodes
 */
record NodeName(String id, String name) {

    /** Of this build. */
    static final String VERSION = Optional.ofNullable(
                    NodeName.class.getPackage().getImplementationVersion())
            .orElse("development");

    private static final int RANDOM_BYTES = 6;
    private static final int MAX_NAME = 63;

    /** @throws StartException when the settings' name will not do */
    static NodeName of(NodeSettings settings, Set<Role> roles) {
        String name = settings.name().orElseGet(() -> ofHost(roles));
        if (!NodeUri.NAME.matcher(name).matches()) {
            throw new StartException(
                    "node.name: \"" + name
                            + "\"; allowed: 1 to 63 of A-Z a-z 0-9 . _ -, the first and last a letter or digit",
                    null);
        }
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
        return new NodeName(
                plain.substring(0, Math.min(MAX_NAME, plain.length())) + "-"
                        + HexFormat.of().formatHex(random),
                name);
    }

    /** The address is where the process is asked for its status. */
    NodeRow.Identity identity(String roles, EndpointsSettings endpoints, int statusPort, Instant certificateUntil) {
        String host = endpoints.status().advertised().host();
        boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
        return new NodeRow.Identity(
                id, name, roles, VERSION, (everywhere ? hostName() : host) + ":" + statusPort, certificateUntil);
    }

    /** The host's name with the role before it, if it is not in it already: one host may have several nodes. */
    private static String ofHost(Set<Role> roles) {
        String host = hostName().replaceAll("[^A-Za-z0-9._-]", "-");
        String role = roles.size() == 1 ? roles.iterator().next().word() : "node";
        String name = host.contains(role) ? host : role + "-" + host;
        return name.substring(0, Math.min(MAX_NAME, name.length())).replaceAll("[^A-Za-z0-9]+$", "");
    }

    static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "node";
        }
    }
}
