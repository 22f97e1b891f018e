-- Every record is in every index that it has a value for: at twenty thousand a second their width
-- is what limits the log. A key of eight bytes stands for organisation and value together; who
-- asks by a key compares both as well, so that two that share one are still told apart.
create function audit_key(org text, value text) returns bigint
  language sql immutable parallel safe
  return hashtextextended(org || ' ' || value, 0);

alter table audit_record drop constraint audit_record_pkey;
drop index audit_by_time, audit_by_leaf, audit_by_identity, audit_by_sponsor, audit_by_token,
  audit_by_session, audit_by_workspace, audit_by_plane, audit_by_action, audit_by_result;

-- The same record again is refused; the key is of all that makes it the same.
create unique index audit_once on audit_record (audit_key(org, id), timestamp);

create index audit_by_time on audit_record (audit_key(org, ''), timestamp, leaf_index);
create index audit_by_leaf on audit_record (audit_key(org, ''), leaf_index);
create index audit_by_identity on audit_record
  (audit_key(org, identity_id), timestamp, leaf_index) where identity_id is not null;
create index audit_by_sponsor on audit_record
  (audit_key(org, sponsor_id), timestamp, leaf_index) where sponsor_id is not null;
create index audit_by_token on audit_record
  (audit_key(org, token_id), timestamp, leaf_index) where token_id is not null;
create index audit_by_session on audit_record
  (audit_key(org, session_id), timestamp, leaf_index) where session_id is not null;
create index audit_by_workspace on audit_record
  (audit_key(org, workspace_id), timestamp, leaf_index) where workspace_id is not null;
create index audit_by_plane on audit_record
  (audit_key(org, plane), timestamp, leaf_index) where plane is not null;
create index audit_by_action on audit_record
  (audit_key(org, action), timestamp, leaf_index);
-- What is allowed is nearly everything, and found by its time.
create index audit_by_result on audit_record
  (audit_key(org, result), timestamp, leaf_index) where result <> 'allowed';
