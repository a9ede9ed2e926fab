package dev.gatehouse.shared.redis;

import java.util.Map;
import java.util.stream.Collectors;

/** What a server can be asked for, by what it says of itself in the answer to INFO. */
enum ServerKind {
    /** Takes writes. */
    MASTER("a master"),
    /** Copies a master: takes no writes until it becomes one. */
    REPLICA("a replica, which takes no writes"),
    /** Still reads what it has kept on disk. */
    LOADING("loading its data"),
    /** Part of a Redis Cluster: keys of one command may lie on several of its nodes. */
    CLUSTER("a Redis Cluster, which is not supported; allowed: one Redis, or one behind Sentinels"),
    SENTINEL("a Sentinel; it belongs into redis.sentinels");

    private final String words;

    ServerKind(String words) {
        this.words = words;
    }

    /** Servers that speak the protocol and don't say what they are count as masters. */
    static ServerKind of(String info) {
        Map<String, String> fields = info.lines()
                .filter(line -> line.indexOf(':') > 0)
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf(':')),
                        line -> line.substring(line.indexOf(':') + 1).strip(),
                        (first, second) -> first));
        if ("1".equals(fields.get("cluster_enabled")) || "cluster".equals(fields.get("redis_mode"))) {
            return CLUSTER;
        } else if ("sentinel".equals(fields.get("redis_mode"))) {
            return SENTINEL;
        } else if ("slave".equals(fields.get("role")) || "replica".equals(fields.get("role"))) {
            return REPLICA;
        }
        return "1".equals(fields.get("loading")) ? LOADING : MASTER;
    }

    /** Whether that will not change by waiting. */
    boolean isWrong() {
        return this == CLUSTER || this == SENTINEL;
    }

    /** What it is, to come after "is". */
    @Override
    public String toString() {
        return words;
    }
}
