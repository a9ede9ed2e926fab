-- The few revoked among many agents, by name.
create index on agent (name) where state = 'revoked';
