package dev.gatehouse.protocol.resource;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a resource is: by it a client knows which program to start, and an agent how to check that it is well. */
public enum ResourceKind {
    TCP("tcp"),
    POSTGRES("postgres"),
    MYSQL("mysql"),
    REDIS("redis"),
    SSH("ssh"),
    DESKTOP("desktop"),
    WEB("web"),
    KUBERNETES("kubernetes");

    private final String word;

    ResourceKind(String word) {
        this.word = word;
    }

    /** As files, REST and the link write it. */
    public String word() {
        return word;
    }

    /** Schemes of its addresses to the port that is meant where none is written; 0: one must be. */
    Map<String, Integer> ports() {
        return switch (this) {
            case TCP -> Map.of("tcp", 0, "tls", 0);
            case POSTGRES -> Map.of("postgres", 5432, "postgresql", 5432, "tcp", 5432);
            case MYSQL -> Map.of("mysql", 3306, "tcp", 3306);
            case REDIS -> Map.of("redis", 6379, "rediss", 6379, "tcp", 6379);
            case SSH -> Map.of("ssh", 22, "tcp", 22);
            case DESKTOP -> Map.of("rdp", 3389, "vnc", 5900);
            case WEB -> Map.of("http", 80, "https", 443);
            case KUBERNETES -> Map.of("https", 443);
        };
    }

    public static Optional<ResourceKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }

    /** All words, for errors. */
    public static String words() {
        return Arrays.stream(values()).map(ResourceKind::word).collect(Collectors.joining(", "));
    }
}
