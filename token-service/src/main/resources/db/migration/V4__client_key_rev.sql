-- The revocation sequence that was applied when a client key was registered. When its organisation,
-- workspace or sponsor is revoked after that, the key is as well. Of keys from before it is unknown:
-- they die by any such entry that still stands.
alter table client_key add column rev bigint not null default 0;
