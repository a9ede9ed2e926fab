-- Where an agent's newest link comes from: its own address also behind a balancer that tells it.
alter table agent_presence add column address text not null default '';
