package dev.gatehouse.shared.people;

/** What a request needs. */
public enum Permission {
    /** To see what is there. */
    READ,
    /** To change something. */
    WRITE
}
