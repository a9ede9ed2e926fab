-- What the admin endpoint needs: answers to repeated writes, and the ingest rate read by time.

-- The answer to a write that carried an Idempotency-Key. The key itself is not stored: its digest finds the row, and the answer (which may hold a
-- join token) is sealed by a secret derived from it, so that the table opens nothing.
create table idempotency (
    person text not null,
    key_digest bytea not null,
    request_digest bytea not null,
    answer bytea not null default '',
    created_at timestamptz not null default clock_timestamp(),
    primary key (person, key_digest)
);
comment on table idempotency is 'written by admin.idempotency';
create index on idempotency (created_at);

create index on segment (committed_at);
