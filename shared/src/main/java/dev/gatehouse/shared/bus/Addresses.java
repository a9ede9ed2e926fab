package dev.gatehouse.shared.bus;

/** The few addresses of the event bus: one per node and purpose, never one per agent, user or session. */
public final class Addresses {

    private Addresses() {}

    /** To one ingest-worker: {@link StreamOpening}, {@link ChunkBatch}. */
    public static String ingest(String nodeId) {
        return "ingest." + nodeId;
    }

    /** To one gateway, one way: {@link Progress}. */
    public static String progress(String nodeId) {
        return "progress." + nodeId;
    }

    /** To one node: drain and leave. */
    public static String drain(String nodeId) {
        return "drain." + nodeId;
    }

    /** To one node: send something back to the one that asks, or just answer. */
    public static String probe(String nodeId) {
        return "probe." + nodeId;
    }

    /** To one gateway: a part of its list of what its agents offer. */
    public static String catalog(String nodeId) {
        return "catalog." + nodeId;
    }

    /** To any admin-api that holds the CAs' keys. */
    public static final String CUSTODY = "custody";

    /** To all gateways, one way: a topic's counter has moved, poll now. */
    public static final String TOPICS = "topics";

    /** To all gateways, one way: an agent's link was registered or has gone. */
    public static final String PRESENCE = "presence";

    /** To all gateways, one way: what one gateway's agents offer has changed, or the digest of it. */
    public static final String CATALOG = "catalog";

    /** To all gateways and admin-apis, one way: live sessions of one gateway. */
    public static final String SESSIONS = "sessions";

    /** To any gateway: where would a session of a resource go, and why. */
    public static final String EXPLAIN = "explain";
}
