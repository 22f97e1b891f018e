-- Entries that somebody asked for from outside may be withdrawn, those that a service needs not.
alter table revocation add column asked boolean not null default false;

create index revocation_in_order on revocation (org, seq) where current;
create index revocation_of_target on revocation (org, kind, target);

-- What changed, in commit order: streams resume from it and snapshots have deltas by it.
create table revocation_change (
  seq           bigint      primary key,
  org           text        not null,
  kind          text        not null,
  target        text        not null,
  gone          boolean     not null,
  revocation_id text        not null,
  closed        boolean     not null,
  expires_at    timestamptz not null,
  changed_at    timestamptz not null
);

create index revocation_change_of on revocation_change (org, seq);
create index revocation_change_age on revocation_change (changed_at);

-- Changes up to here are no longer known.
create table revocation_change_floor (
  singleton boolean primary key check (singleton),
  seq       bigint  not null
);

insert into revocation_change_floor select true, coalesce(max(seq), 0) from revocation;
