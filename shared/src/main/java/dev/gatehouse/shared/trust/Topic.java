package dev.gatehouse.shared.trust;

/** What changes are told to everyone about: one counter row each, in the order in which a transaction that bumps several must do it. */
public enum Topic {
    AGENTS("agents"),
    LOCKS("locks"),
    PEOPLE("people"),
    POLICIES("policies"),
    RESOURCES("resources"),
    REVOCATIONS("revocations");

    private final String word;

    Topic(String word) {
        this.word = word;
    }

    /** As in the table {@code topic}. */
    public String word() {
        return word;
    }
}
