-- Uses of resources. Whether one is active is not said here: gateways tell each other and the admin-apis each second.
create table session (
    id uuid not null,
    person text not null,
    resource text not null,
    agent_id text not null default '',
    started_at timestamptz not null,
    seen_at timestamptz not null,
    end_reason text,
    parts jsonb not null default '{}',
    primary key (id, person)
);
comment on table session is 'written by gateway.session';
comment on column session.parts is 'gateway''s part of the session to [bytes up, bytes down, tunnels]: written again it counts once';
create index on session (started_at desc, id desc);
create index on session (person, started_at desc);
