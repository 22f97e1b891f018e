-- The log, by day. A record is known by when it happened and its id; the same one again is refused
-- by the primary key, which is also the index of an organisation's newest records.
create table audit_record (
  id            text        not null,
  org           text        not null,
  action        text        not null,
  identity_id   text,
  workspace_id  text,
  plane         text,
  resource      text,
  result        text        not null,
  sponsor_id    text,
  sponsor_chain text[]      not null,
  metadata      json        not null,
  ip            text,
  user_agent    text,
  request_id    text,
  trace_id      text,
  token_id      text,
  timestamp     timestamptz not null,
  created_at    timestamptz not null default clock_timestamp(),
  primary key (org, timestamp, id)
) partition by range (timestamp);

-- One index a filter, each in the order of a page.
create index audit_by_identity  on audit_record (org, identity_id, timestamp, id) where identity_id is not null;
create index audit_by_sponsor   on audit_record (org, sponsor_id, timestamp, id) where sponsor_id is not null;
create index audit_by_token     on audit_record (org, token_id, timestamp, id) where token_id is not null;
create index audit_by_workspace on audit_record (org, workspace_id, timestamp, id) where workspace_id is not null;
create index audit_by_plane     on audit_record (org, plane, timestamp, id) where plane is not null;
create index audit_by_action    on audit_record (org, action, timestamp, id);
-- What is allowed is nearly everything, and found by the primary key.
create index audit_by_result    on audit_record (org, result, timestamp, id) where result <> 'allowed';
create index audit_by_id        on audit_record (org, id);

-- Makes the partition of a day; a day is one of UTC.
create function ensure_audit_day(day date) returns void
language plpgsql as $$
declare
  name text := 'audit_record_' || to_char(day, 'YYYYMMDD');
begin
  if to_regclass(name) is null then
    perform pg_advisory_xact_lock(1096109385, hashtext(current_schema()));
    if to_regclass(name) is null then
      execute format(
        'create table %I partition of audit_record for values from (%L) to (%L)',
        name, day::text || ' 00:00:00+00', (day + 1)::text || ' 00:00:00+00');
    end if;
  end if;
end
$$;

-- How far each partition of the topic has been read, committed with the rows.
create table consumer_offset (
  topic       text   not null,
  partition   int    not null,
  next_offset bigint not null,
  primary key (topic, partition)
);

-- Counters, so that no statistic reads the log.
create table action_count (
  org    text   not null,
  day    date   not null,
  action text   not null,
  result text   not null,
  count  bigint not null,
  primary key (org, day, action, result)
);
