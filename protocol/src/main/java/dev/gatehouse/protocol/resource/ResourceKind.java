package dev.gatehouse.protocol.resource;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a resource is: by it a client knows which program to start, and an agent how to check that it is well. */
public enum ResourceKind {
    TCP("tcp", Map.of("tcp", 0, "tls", 0)),
    POSTGRES("postgres", Map.of("postgres", 5432, "postgresql", 5432, "tcp", 5432)),
    MYSQL("mysql", Map.of("mysql", 3306, "tcp", 3306)),
    REDIS("redis", Map.of("redis", 6379, "rediss", 6379, "tcp", 6379)),
    SSH("ssh", Map.of("ssh", 22, "tcp", 22)),
    DESKTOP("desktop", Map.of("rdp", 3389, "vnc", 5900)),
    WEB("web", Map.of("http", 80, "https", 443)),
    KUBERNETES("kubernetes", Map.of("https", 443));

    private final String word;
    private final Map<String, Integer> ports;

    ResourceKind(String word, Map<String, Integer> ports) {
        this.word = word;
        this.ports = ports;
    }

    /** As files, REST and the link write it. */
    public String word() {
        return word;
    }

    /** Schemes of its addresses to the port that is meant where none is written; 0: one must be. */
    Map<String, Integer> ports() {
        return new LinkedHashMap<>(ports);
    }

    public static Optional<ResourceKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }

    /** All words, for errors. */
    public static String words() {
        return Arrays.stream(values()).map(ResourceKind::word).collect(Collectors.joining(", "));
    }
}
