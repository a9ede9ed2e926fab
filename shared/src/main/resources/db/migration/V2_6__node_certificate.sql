-- When the certificate that a node shows on the bus ends: it must be restarted before. Null for a node that does not say.
alter table node add column certificate_until timestamptz;
