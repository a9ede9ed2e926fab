package dev.gatehouse.shared.postgres;

/**
 * What a node of a database cluster says of itself.
 *
 * @param system the identifier that a primary and its standbys have in common; 0: it doesn't tell
 * @param timeline that it is on, which each promotion raises; 0: it doesn't tell
 */
record HostAnswer(boolean writable, long system, long timeline) {

    /** One row: the three of them. A standby tells of the timeline that it followed last. */
    static final String QUERY = """
            select not current_setting('transaction_read_only')::bool,
                   (select system_identifier from pg_control_system()),
                   case when pg_is_in_recovery() then (select timeline_id from pg_control_checkpoint())
                        else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int
                   end::int8""";

    /** One row: the first of them, for databases that speak the protocol and have nothing of the rest, or keep it from this user. */
    static final String SHORT_QUERY = "select not current_setting('transaction_read_only')::bool";
}
