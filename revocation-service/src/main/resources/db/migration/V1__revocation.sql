-- Every entry written; the one in force for a name is current, those it replaced are history.
create table revocation (
  id           text        primary key,
  org          text        not null, -- empty for a signing key
  kind         text        not null,
  target       text        not null,
  closed       boolean     not null,
  reason       text,
  actor        text,
  seq          bigint      not null,
  effective_at timestamptz not null,
  expires_at   timestamptz not null,
  current      boolean     not null
);

create unique index revocation_in_force on revocation (org, kind, target) where current;
create index revocation_newest on revocation (org, effective_at desc, id desc) where current;
create index revocation_newest_of_kind on revocation (org, kind, effective_at desc, id desc) where current;
create index revocation_of_token on revocation (target) where current and kind = 'token';
create index revocation_expiring on revocation (expires_at) where current;
create index revocation_replaced on revocation (effective_at) where not current;

-- What other services asked for, so that asking twice changes nothing.
create table revocation_event (
  event_id      text primary key,
  revocation_id text not null
    references revocation (id) on delete cascade deferrable initially deferred
);

create index revocation_event_of on revocation_event (revocation_id);

-- Who reads the feed and how far they are. Lost in a crash of the database, and then refilled by
-- the next probes; registry_epoch tells how long the registry has been filling.
create unlogged table verifier (
  name    text        primary key,
  applied bigint      not null,
  seen_at timestamptz not null
);

create unlogged table registry_epoch (
  singleton boolean     primary key check (singleton),
  since     timestamptz not null
);
