-- The revocation sequence that was known when the key was made: what revokes its organisation,
-- workspace or sponsor later kills it. Keys from before this column are older than every entry.
alter table api_key add column rev bigint not null default 0;
