-- Set on an object that was committed late and holds chunks that may be needed still, once their agent has said what it has.
alter table segment add column waiting_since timestamptz;

comment on table writer is 'opened and kept fresh by ingest.writer and background.compact, closed by ingest.writer';
