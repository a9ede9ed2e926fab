-- The CRC32C of the stored chunk `next` - 1, by which an agent sees whether the stream that is stored is the one it has. Null if there is none, it is a gap, or its CRC was wrong on arrival.
alter table stream add column last_crc int;
