package dev.gatehouse.agent.health;

import dev.gatehouse.protocol.resource.ResourceAddress;
import dev.gatehouse.protocol.resource.ResourceKind;
import java.util.Set;

/**
 * How a resource is checked.
 *
 * @param path for {@link Way#HTTP}
 */
public record HealthCheck(Way way, String path) {

    /** What is done to find out. */
    public enum Way {
        /** Nothing: its health stays unknown. */
        NONE,
        /** A connection. */
        TCP,
        /** A TLS handshake, whoever the other side says it is: clients check that themselves. */
        TLS,
        POSTGRES,
        MYSQL,
        REDIS,
        SSH,
        HTTP
    }

    private static final Set<String> SECURE = Set.of("tls", "rediss", "https");
    private static final int MAX_PATH = 1024;

    /**
     * @param written as in the agent's file; empty: what is usual for the kind
     *
     * @throws IllegalArgumentException says what is wrong and what is allowed, to follow the name of the field
     */
    public static HealthCheck of(String written, ResourceKind kind, ResourceAddress address) {
        if (kind == ResourceKind.WEB
                && written.startsWith("/")
                && written.length() <= MAX_PATH
                && written.chars().allMatch(c -> c > ' ' && c < 127)) {
            return new HealthCheck(Way.HTTP, written);
        }
        Way usual = usual(kind, address);
        return switch (written) {
            case "" -> new HealthCheck(usual, "");
            case "none" -> new HealthCheck(Way.NONE, "");
            case "tcp" -> new HealthCheck(Way.TCP, "");
            case "tls" -> new HealthCheck(Way.TLS, "");
            default -> {
                if (written.equals(kind.word()) && usual != Way.TCP) {
                    yield new HealthCheck(usual, "");
                }
                throw new IllegalArgumentException("is '" + written + "'; none, tcp, tls"
                        + (kind == ResourceKind.WEB ? ", a /path" : usual == Way.TCP ? "" : ", " + kind.word())
                        + " are allowed");
            }
        };
    }

    private static Way usual(ResourceKind kind, ResourceAddress address) {
        if (SECURE.contains(address.scheme())) {
            return Way.TLS;
        }
        return switch (kind) {
            case POSTGRES -> Way.POSTGRES;
            case MYSQL -> Way.MYSQL;
            case REDIS -> Way.REDIS;
            case SSH -> Way.SSH;
            case TCP, DESKTOP, WEB, KUBERNETES -> Way.TCP;
        };
    }

    boolean overTls(ResourceAddress address) {
        return way == Way.TLS || (way == Way.HTTP && SECURE.contains(address.scheme()));
    }

    Conversation conversation(ResourceAddress address) {
        return switch (way) {
            case NONE, TCP, TLS -> Conversation.NOTHING_TO_SAY;
            case POSTGRES -> new PostgresStartup(address.user().orElse(Conversation.NAME));
            case MYSQL -> new MySqlGreeting(address.user().orElse(Conversation.NAME));
            case REDIS -> new RedisPing();
            case SSH -> new SshBanner();
            case HTTP -> new HttpGet(address, path);
        };
    }
}
