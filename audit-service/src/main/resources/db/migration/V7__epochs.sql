-- What is known of each epoch: the life of one process, in which it numbers its records from 1.
create table audit_epoch (
  source       text        primary key,
  id           text        not null,
  service      text        not null,
  node         text        not null,
  started_at   timestamptz not null,
  -- How many different records are in the log.
  records      bigint      not null,
  -- The highest number that is known to have been given.
  highest      bigint      not null,
  opened_at    timestamptz,
  last_seen_at timestamptz not null,
  closed_at    timestamptz,
  -- How many there are, by the word of the node itself.
  closing      bigint
) with (fillfactor = 60);
create index audit_epoch_newest on audit_epoch (started_at, id);
create index audit_epoch_of_node on audit_epoch (service, node, started_at);
create index audit_epoch_seen on audit_epoch (last_seen_at);

-- A node that lives says so each minute. One that is not heard of for five, by the time of all that
-- has been read (a reader that is behind takes nobody for dead), or that has begun anew, is gone.
-- Whoever never said that it opened is of a version that doesn't close either, and is not judged.
create view audit_epoch_state as
select e.*,
  case
    when e.closing <= e.records then 'closed'
    when e.closing is not null then 'incomplete'
    when e.last_seen_at < (select max(last_seen_at) from audit_epoch) - interval '5 minutes'
      or exists (
        select 1 from audit_epoch later
        where later.service = e.service and later.node = e.node
          and later.started_at > e.started_at and later.last_seen_at > e.last_seen_at)
      then 'unclosed'
    else 'open'
  end as state,
  greatest(coalesce(e.closing, e.highest) - e.records, 0) as missing
from audit_epoch e
where e.opened_at is not null;
