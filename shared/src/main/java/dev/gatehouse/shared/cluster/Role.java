package dev.gatehouse.shared.cluster;

/** What a process does in the cluster. One process may have several roles (in {@code up}: all). */
public enum Role {
    GATEWAY("gateway"),
    INGEST_WORKER("ingest-worker"),
    BACKGROUND_WORKER("background-worker"),
    ADMIN_API("admin-api");

    private final String word;

    Role(String word) {
        this.word = word;
    }

    /** As in commands, settings and {@code nodes}. */
    public String word() {
        return word;
    }
}
