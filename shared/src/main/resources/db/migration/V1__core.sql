-- The first schema. Each table is written by one package, named in its comment (docs/architecture.md); others read through shared.record.

-- One counter per topic (revocations, locks, policies, …), bumped in the transaction that changes what the topic is about. Gateways poll them.
create table topic (
    name text primary key,
    version bigint not null default 0
);
comment on table topic is 'written by shared.trust';
insert into topic (name) values ('revocations'), ('agents'), ('policies'), ('locks');

-- People ------------------------------------------------------------------------------------------------------------
create table person (
    id uuid primary key,
    name text not null unique,
    password_hash text,
    roles text[] not null default '{}',
    state text not null default 'active' check (state in ('active', 'locked')),
    source text not null default 'local',
    failed_attempts int not null default 0,
    blocked_until timestamptz,
    created_at timestamptz not null default now()
);
comment on table person is 'written by shared.people';

create table sign_in (
    token_hash bytea primary key,
    person_id uuid not null references person on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    remote text not null default ''
);
comment on table sign_in is 'written by shared.people';
create index on sign_in (expires_at);

create table audit (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    node text not null,
    actor text not null,
    remote text not null default '',
    action text not null,
    target text not null default '',
    outcome text not null default 'done',
    detail jsonb not null default '{}'
);
comment on table audit is 'written by shared.audit';
create index on audit (at desc, id desc);

-- Agents ------------------------------------------------------------------------------------------------------------
create table join_token (
    id uuid primary key,
    token_hash bytea not null unique,
    uses_left int not null check (uses_left >= 0),
    labels jsonb not null default '{}',
    created_by text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
comment on table join_token is 'written by shared.custody';

create table agent (
    id uuid primary key,
    name text not null unique,
    labels jsonb not null default '{}',
    state text not null default 'active' check (state in ('active', 'revoked')),
    enrolled_at timestamptz not null default now(),
    revoked_at timestamptz,
    revoked_reason text,
    key_sha256 bytea unique -- of the key (SubjectPublicKeyInfo) of its newest certificate: to enrol again with the same key finds the agent
);
comment on table agent is 'written by shared.custody';

create table certificate (
    serial numeric(49) primary key,
    agent_id uuid references agent,
    node text,
    not_before timestamptz not null,
    not_after timestamptz not null,
    revoked_at timestamptz
);
comment on table certificate is 'written by shared.custody';
create index on certificate (agent_id);

-- What a gateway last heard of an agent; a row per agent, batched.
create table agent_presence (
    agent_id uuid primary key,
    last_seen_at timestamptz not null,
    version text not null,
    run bigint not null,
    run_id uuid not null,
    labels jsonb not null default '{}',
    gateways text[] not null default '{}',
    spool_bytes bigint not null default 0,
    spool_chunks bigint not null default 0,
    refused_bytes bigint not null default 0,
    duplicate_run_id uuid
);
comment on table agent_presence is 'written by shared.presence';

-- Nodes -------------------------------------------------------------------------------------------------------------
create table node (
    id text primary key,
    name text not null,
    role text not null,
    state text not null,
    version text not null,
    address text not null,
    started_at timestamptz not null,
    seen_at timestamptz not null,
    facts jsonb not null default '{}'
);
comment on table node is 'written by shared.node';

-- Capture -----------------------------------------------------------------------------------------------------------
create table stream (
    id uuid primary key,
    agent_id uuid not null,
    kind text not null check (kind in ('events', 'screen', 'audio', 'file')),
    subject text not null default '',
    media_type text not null default '',
    name text not null default '',
    opened_at timestamptz not null,
    registered_at timestamptz not null default clock_timestamp(),
    closed_at timestamptz,
    next bigint not null,
    bytes bigint not null default 0,
    chunks bigint not null default 0,
    content_bytes bigint not null default 0,
    first_time timestamptz,
    last_time timestamptz,
    quarantined bigint not null default 0,
    damaged bigint not null default 0,
    fin_count bigint,
    sha256 bytea
);
comment on table stream is 'written by ingest.commit';
create index on stream (agent_id, opened_at desc, id);
create index on stream (opened_at, id);

-- Numbers [first, next) that will never come: lost on the agent's side.
create table gap (
    stream_id uuid not null,
    first bigint not null,
    next bigint not null,
    noticed_at timestamptz not null default clock_timestamp(),
    primary key (stream_id, first)
);
comment on table gap is 'written by ingest.commit';

-- Who may write objects: a worker's one life. Closed for ever by the collector; each commit locks its row.
create table writer (
    id uuid primary key,
    node text not null,
    opened_at timestamptz not null default clock_timestamp(),
    seen_at timestamptz not null default clock_timestamp(),
    closed_at timestamptz,
    swept_at timestamptz -- none of its objects is without a row any more
);
comment on table writer is 'opened and kept fresh by ingest.orphan and background.compact, closed by ingest.orphan';

-- Where a segment's blocks are: inline (segment_inline) while object_key is null, else in the object, from object_offset on.
create table segment (
    id uuid primary key,
    writer_id uuid not null,
    object_key text,
    object_offset bigint not null default 0,
    length int not null,
    blocks int not null,
    committed_at timestamptz not null default clock_timestamp()
);
comment on table segment is 'inserted by ingest.commit, moved by background.compact';
create index on segment (object_key);
create index on segment (committed_at) where object_key is null;

create table segment_inline (
    segment_id uuid primary key,
    bytes bytea not null
);
comment on table segment_inline is 'inserted by ingest.commit, removed by background.compact';
alter table segment_inline alter column bytes set storage external; -- packed by the agents already

-- A chunk's row; partitioned by the hour of its commit. Exactly once by stream.next, not by a unique key.
create table chunk (
    stream_id uuid not null,
    sequence bigint not null,
    committed_at timestamptz not null,
    first_time timestamptz not null,
    last_time timestamptz not null,
    records int not null,
    codec smallint not null,
    flags smallint not null,
    state smallint not null default 0, -- 0 whole, 1 quarantined (wrong CRC on arrival), 2 damaged (could not be decoded)
    crc int not null,
    length int not null,
    plain_length int not null,
    content_offset bigint not null,
    segment_id uuid not null,
    block_index int not null,
    block_offset int not null,
    block_length int not null
) partition by range (committed_at);
comment on table chunk is 'written by ingest.commit';
create index on chunk (stream_id, sequence);
create index on chunk (segment_id);
create table chunk_rest partition of chunk default;

-- Segments that hold event chunks and are not yet indexed; a row goes when its events are in.
create table index_task (
    segment_id uuid primary key,
    committed_at timestamptz not null,
    records bigint not null,
    next_block int not null default 0, -- blocks below it are indexed
    attempts int not null default 0,
    not_before timestamptz not null default '-infinity'
);
comment on table index_task is 'inserted by ingest.commit, removed by ingest.index';
create index on index_task (committed_at);

-- An event; its key is (stream_id, sequence, index). Partitioned by the day of its own time.
create table event (
    time timestamptz not null,
    stream_id uuid not null,
    sequence bigint not null,
    index int not null,
    agent_id uuid not null,
    "user" text not null,
    kind text not null,
    application text not null,
    title text not null,
    text text not null,
    attributes jsonb not null,
    duration_micros bigint not null
) partition by range (time);
comment on table event is 'written by ingest.index';
create index on event (time, stream_id, sequence, index);
create index on event (agent_id, time desc);
create table event_rest partition of event default;

create table rollup (
    hour timestamptz not null,
    agent_id uuid not null,
    "user" text not null,
    application text not null,
    kind text not null,
    events bigint not null,
    duration_micros bigint not null,
    primary key (hour, agent_id, "user", application, kind)
);
comment on table rollup is 'written by ingest.rollup';

-- The master's lease ------------------------------------------------------------------------------------------------
create table master_lease (
    one boolean primary key default true check (one),
    holder text not null default '',
    expires_at timestamptz not null default '-infinity'
);
comment on table master_lease is 'written by background.lease';
insert into master_lease default values;

-- A row of its own that only a takeover changes, so that renewals never wait for the master's writes.
create table master_epoch (
    one boolean primary key default true check (one),
    epoch bigint not null default 0
);
comment on table master_epoch is 'written by background.lease';
insert into master_epoch default values;
