package dev.gatehouse.shared.node;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * What a process is called.
 *
 * @param id the name and a random part: unique for each start
 * @param name for people
 */
record NodeName(String id, String name) {

    /** Of this build. */
    static final String VERSION = Optional.ofNullable(
                    NodeName.class.getPackage().getImplementationVersion())
            .orElse("development");

    private static final int RANDOM_BYTES = 6;
    private static final int MAX_NAME = 64;

    static NodeName of(NodeSettings settings) {
        String name = settings.name().orElseGet(NodeName::hostName);
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
        return new NodeName(
                plain.substring(0, Math.min(MAX_NAME, plain.length())) + "-"
                        + HexFormat.of().formatHex(random),
                name);
    }

    /** The address is where the process is asked for its status. */
    NodeRow.Identity identity(String roles, EndpointsSettings endpoints, int statusPort) {
        String host = endpoints.status().advertised().host();
        boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
        return new NodeRow.Identity(id, name, roles, VERSION, (everywhere ? hostName() : host) + ":" + statusPort);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "node";
        }
    }
}
