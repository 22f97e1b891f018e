-- Every record has its place in the hash tree of its organisation; -1 is from before there was one.
-- The salt goes when a record is erased, so that nobody can guess what its hash was of.
alter table audit_record add column leaf_index bigint not null default -1;
alter table audit_record alter column leaf_index drop default;
alter table audit_record add column leaf_salt  bytea;
alter table audit_record add column session_id text;
alter table audit_record add column erased     boolean not null default false;

-- Pages are in the order of time, and among the same microsecond in the order of arrival.
alter table audit_record drop constraint audit_record_pkey;
drop index audit_by_id, audit_by_identity, audit_by_sponsor, audit_by_token, audit_by_workspace,
  audit_by_plane, audit_by_action, audit_by_result;
alter table audit_record add primary key (org, id, timestamp);
create index audit_by_time      on audit_record (org, timestamp, leaf_index);
create index audit_by_leaf      on audit_record (org, leaf_index);
create index audit_by_identity  on audit_record (org, identity_id, timestamp, leaf_index)
  where identity_id is not null;
create index audit_by_sponsor   on audit_record (org, sponsor_id, timestamp, leaf_index)
  where sponsor_id is not null;
create index audit_by_token     on audit_record (org, token_id, timestamp, leaf_index)
  where token_id is not null;
create index audit_by_session   on audit_record (org, session_id, timestamp, leaf_index)
  where session_id is not null;
create index audit_by_workspace on audit_record (org, workspace_id, timestamp, leaf_index)
  where workspace_id is not null;
create index audit_by_plane     on audit_record (org, plane, timestamp, leaf_index)
  where plane is not null;
create index audit_by_action    on audit_record (org, action, timestamp, leaf_index);
-- What is allowed is nearly everything, and found by its time.
create index audit_by_result    on audit_record (org, result, timestamp, leaf_index)
  where result <> 'allowed';

-- One tree an organisation: how many leaves, the hash over them, and the newest signed checkpoint.
create table audit_tree (
  org             text    primary key,
  size            bigint  not null default 0,
  root            bytea   not null,
  webhooks        boolean not null default false,
  checkpoint_size bigint  not null default 0,
  checkpoint      text
) with (fillfactor = 60);
create index audit_tree_changed on audit_tree (org) where size <> checkpoint_size;

-- The hashes, 256 a tile: level 0 holds leaves, each level above the roots of full tiles below.
create table audit_tile (
  org    text     not null,
  level  smallint not null,
  number bigint   not null,
  hashes bytea    not null,
  primary key (org, level, number)
);
alter table audit_tile alter column hashes set storage external;

-- The key that signs checkpoints, encrypted under the service's key-encryption key.
create table audit_log_key (
  kid         text        primary key,
  private_jwk bytea       not null,
  created_at  timestamptz not null
);
