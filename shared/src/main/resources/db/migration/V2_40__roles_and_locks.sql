-- Roles that let people reach resources by labels, locks, and people who are disabled.
create table role (
    name text primary key,
    allow jsonb not null default '[]',
    deny jsonb not null default '[]',
    built_in boolean not null default false,
    changed_at timestamptz not null default clock_timestamp()
);
comment on table role is 'written by shared.people';
insert into role (name, allow, built_in) values ('administrator', '[{"*": ["*"]}]', true), ('auditor', '[]', true);

-- Who or which session may reach nothing for now, whatever the roles say.
create table access_lock (
    id uuid primary key,
    person text,
    session uuid,
    reason text not null,
    created_by text not null,
    created_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz,
    check ((person is null) <> (session is null))
);
comment on table access_lock is 'written by shared.people';
create index on access_lock (created_at);

-- A node of the release before reads any state but 'active' as one that may not sign in.
alter table person drop constraint person_state_check;
alter table person add constraint person_state_check check (state in ('active', 'locked', 'disabled'));

-- Rises with each change that a live sign-in must notice: password, state, roles.
alter table person add column version int not null default 0;

insert into topic (name) values ('people') on conflict do nothing;
