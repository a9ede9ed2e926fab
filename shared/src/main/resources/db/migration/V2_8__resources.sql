-- What each agent offers, as its gateways last heard it. Rows of an agent that is away stay: its resources are listed as offline.
create table agent_resource (
    agent_id uuid not null,
    name text not null,
    kind text not null,
    labels jsonb not null default '{}',
    weight int not null,
    health text not null check (health in ('healthy', 'unhealthy', 'unknown')),
    detail text not null default '',
    tunnels int not null default 0,
    registered boolean not null default false,
    updated_at timestamptz not null default clock_timestamp(),
    primary key (agent_id, name)
);
comment on table agent_resource is 'written by shared.presence';
create index on agent_resource (name, agent_id);

-- Resources that were registered rather than written in an agent's file. The statement is what the CA has signed and agents check; the columns say the same for people.
create table registered_resource (
    name text primary key,
    kind text not null,
    uri text not null,
    labels jsonb not null default '{}',
    weight int not null,
    statement bytea not null,
    signature bytea not null,
    created_by text not null,
    created_at timestamptz not null default clock_timestamp()
);
comment on table registered_resource is 'written by admin.resource';

insert into topic (name) values ('resources') on conflict do nothing;
